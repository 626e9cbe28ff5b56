// Everything works without this file. It counts characters, moves the focus to the list of
// errors, folds the menu on phones, and stops the second half of a double click.
import {
  Button,
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "../vendor/govuk-frontend.min.js";

for (const component of [
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component);
}
createAll(Button, { preventDoubleClick: true });

// The field under an option shows while the option is picked. The design system's own script for
// this sets aria-expanded, which radios and checkboxes may not have.
const revealing = [...document.querySelectorAll("[data-reveals]")];

function reveal() {
  for (const input of revealing) {
    const under = document.getElementById(input.dataset.reveals);
    const hidden = input.type === "radio" ? "govuk-radios" : "govuk-checkboxes";
    under.classList.toggle(`${hidden}__conditional--hidden`, !input.checked);
  }
}

if (revealing.length) {
  document.addEventListener("change", reveal);
  window.addEventListener("pageshow", reveal); // browsers fill forms again on the way back
  reveal();
}

// A form is sent to the page's own address, with the "#main-content" of the skip link if that was
// used; the next page would then take the focus from its list of errors and give it to that.
document.addEventListener("submit", () => {
  if (location.hash) {
    history.replaceState(history.state, "", location.pathname + location.search);
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
