// What a person sees of `useSession`, in each of the three clients.
//
// Each function shows the session in its own way and returns {seen, close}: `seen` grows
// with every text that differs from the one before.

import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { createApp, h } from "vue";

const text = ({ data, error, isPending }) => {
  if (isPending) return "pending";
  if (error) return `error ${error.status}`;
  return data ? `${data.user.name} <${data.user.email}>` : "signed out";
};

function recorder() {
  const seen = [];
  return { seen, note: (what) => seen.at(-1) === what || seen.push(what) };
}

function element() {
  const place = document.createElement("div");
  document.body.appendChild(place);
  return place;
}

// Notes what really stands in the document, after each change of it.
function watched(place, note) {
  const observer = new window.MutationObserver(() => note(place.textContent));
  observer.observe(place, { childList: true, characterData: true, subtree: true });
  return observer;
}

export const show = {
  vanilla(client) {
    const { seen, note } = recorder();
    return { seen, close: client.useSession.subscribe((state) => note(text(state))) };
  },
  react(client) {
    const { seen, note } = recorder();
    const place = element();
    const observer = watched(place, note);
    const root = createRoot(place);
    root.render(createElement(() => createElement("p", null, text(client.useSession()))));
    return { seen, close: () => (root.unmount(), observer.disconnect()) };
  },
  vue(client) {
    const { seen, note } = recorder();
    const place = element();
    const observer = watched(place, note);
    const app = createApp({
      setup() {
        const session = client.useSession();
        return () => h("p", text(session.value));
      },
    });
    app.mount(place);
    return { seen, close: () => (app.unmount(), observer.disconnect()) };
  },
};

export async function until(condition, what) {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never happened: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
