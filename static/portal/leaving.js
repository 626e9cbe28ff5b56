// Asks before a page is left on which something was typed that is neither sent nor kept: nothing is
// saved before a form is sent. Without this file nobody is asked, and what pages say of saving is true all the same.
const WATCHED = "main form[method=post]";
// A pass phrase or a code is typed anew, not kept.
const SECRET = "input[type=password], input[autocomplete=one-time-code]";

function isChanged(control) {
  switch (control.type) {
    case "hidden":
    case "submit":
    case "button":
      return false;
    case "checkbox":
    case "radio":
      return control.checked !== control.defaultChecked;
    case "file":
      return control.files.length > 0;
    case "select-one": {
      const given = [...control.options].findIndex((option) => option.defaultSelected);
      return control.selectedIndex !== Math.max(0, given);
    }
    default:
      return control.value !== control.defaultValue;
  }
}

// A form that came back with errors holds what was typed, and nothing of it is saved.
function cameBack(form) {
  return form.querySelector(".govuk-form-group--error") !== null;
}

const forms = [...document.querySelectorAll(WATCHED)].filter((form) => !form.querySelector(SECRET));
let sent = null;

// Where what is typed is kept while it is typed (unsent.js), only a file would be lost.
function isKept(form) {
  const files = [...form.elements].filter((control) => control.type === "file");
  return form.dataset.keeps === "on" && navigator.onLine && !files.some(isChanged);
}

function isUnsent(form) {
  return form !== sent && !isKept(form) && (cameBack(form) || [...form.elements].some(isChanged));
}

if (forms.length) {
  document.addEventListener("submit", (event) => {
    sent = event.target;
  });
  for (const again of ["input", "change"]) {
    document.addEventListener(again, () => {
      sent = null; // what was sent brought a file, and the page is still here
    });
  }
  window.addEventListener("pageshow", () => {
    sent = null;
  });
  window.addEventListener("beforeunload", (event) => {
    if (forms.some(isUnsent)) {
      event.preventDefault();
    }
  });
}
