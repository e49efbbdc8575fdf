// Lets the user see the password being typed. The button is hidden in the HTML, so a
// browser without JavaScript shows a plain password field.

for (const button of document.querySelectorAll("[data-ba-reveal]")) {
  const input = document.getElementById(button.dataset.baReveal);

  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };

  button.addEventListener("click", () => show(input.type === "password"));
  // A field sent as text would be remembered by the browser among things once typed.
  input.form.addEventListener("submit", () => show(false));
  button.hidden = false;
}
