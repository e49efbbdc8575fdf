// A browser as far as the official client can tell: a DOM, cookies, an Origin header.

import { Window } from "happy-dom";

const send = globalThis.fetch;
// Going to another page only changes the address: there is no page to load.
const window = new Window({
  url: "http://localhost:3000/",
  settings: { navigation: { disableMainFrameNavigation: true } },
});

for (const name of ["document", "navigator", "HTMLElement", "Element", "Node", "SVGElement", "localStorage"]) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
globalThis.window = window;

export const address = () => window.location.href;
export const closeWindow = () => window.happyDOM.close();

export class Browser {
  constructor(create, url, { origin = "http://localhost:3000" } = {}) {
    this.origin = origin;
    this.jar = new Map();
    this.requests = [];
    this.client = create({
      baseURL: url,
      fetchOptions: { customFetchImpl: (input, init) => this.#fetch(input, init) },
    });
  }

  // The Set-Cookie lines of the last answer, without their values.
  get lastCookies() {
    return this.setCookies.map((line) => line.replace(/^([^=]+)=[^;]+/, "$1=…"));
  }

  async #fetch(input, init) {
    const headers = new Headers(init.headers);
    headers.set("origin", this.origin);
    if (this.jar.size > 0) {
      headers.set("cookie", [...this.jar].map((pair) => pair.join("=")).join("; "));
    }
    const answer = await send(input, { ...init, headers });
    this.requests.push(`${init.method} ${new URL(input).pathname}`);
    this.setCookies = answer.headers.getSetCookie();
    for (const line of this.setCookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/; Max-Age=0(;|$)/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }
}
