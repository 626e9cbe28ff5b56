// The front door's desk while somebody looks at it: counts that stay true, and single-letter keys.
// Nothing moves by itself, and the focus stays where it is. All of it works without this too.
const desk = document.getElementById("desk-live");
const said = desk.dataset;
const news = desk.querySelector("[data-news-text]");
const keys = document.getElementById("desk-keys");
const setting = keys.querySelector("input");
const search = document.getElementById("find-a-child");
const SECOND = 1000;
const OFTEN = 30 * SECOND;
const OFF = "desk_keys=off";
const YEAR = 365 * 24 * 60 * 60;

let told = 0;

function take(answer) {
  for (const [group, count] of Object.entries(answer.counts)) {
    for (const place of document.querySelectorAll(`[data-count="${group}"]`)) {
      place.textContent = count;
    }
  }
  if (answer.new && answer.new !== told) {
    told = answer.new;
    news.querySelector("span").textContent = said.words.replace("%s", answer.new);
    news.hidden = false;
  }
}

async function ask() {
  if (document.hidden) {
    return;
  }
  try {
    const address = `${said.address}${said.query}&since=${encodeURIComponent(said.since)}`;
    const response = await fetch(address, { credentials: "same-origin", redirect: "error" });
    if (response.ok) {
      take(await response.json());
    }
  } catch {
    // Without the network, or once the session has ended, the page stays as it is.
  }
}

function links() {
  return [...document.querySelectorAll(".portal-desk tbody .portal-desk__child a.govuk-link")];
}

function rowOfFocus() {
  const row = document.activeElement?.closest(".portal-desk tbody tr");
  return row ?? null;
}

function step(by) {
  const all = links();
  const at = all.findIndex((link) => link.closest("tr") === rowOfFocus());
  const next = at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
}

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  c: () => rowOfFocus()?.querySelector("button[name=only]")?.click(),
  x: () => rowOfFocus()?.querySelector("input[name=chosen]")?.click(),
  "/": () => search.focus(),
  "?": () => keys.showModal(),
};

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, dialog[open]") !== null;
}

document.addEventListener("keydown", (event) => {
  const act = ACTS[event.key];
  const withOthers = event.ctrlKey || event.altKey || event.metaKey;
  if (act && setting.checked && !withOthers && !isTyping(event.target)) {
    event.preventDefault();
    act();
  }
});

setting.checked = !document.cookie.split("; ").includes(OFF);
setting.addEventListener("change", () => {
  const lasts = setting.checked ? 0 : YEAR;
  document.cookie = `${OFF}; path=${said.path}; max-age=${lasts}; samesite=lax`;
});

const open = desk.querySelector("[data-open-keys]");
open.hidden = false;
open.addEventListener("click", () => keys.showModal());
setInterval(ask, OFTEN);
