// Keeps what is typed in the form below the line that says so, while it is typed and when the page is
// left. Without this file nothing is kept, and the line says that nothing is saved.
const PAUSE = 1500; // ms without a key
const LATEST = 8000; // ms after which it is kept in mid-sentence
const CONFLICT = 409;

const line = document.querySelector("[data-unsent]");
const said = line.dataset;
const form = [...document.querySelectorAll("main form[method=post]")].find(
  (each) => line.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING
);
// Hidden: the token and the agency go beside the text, and what a page is sent once by is not typed.
const BESIDE = new Set(["csrfmiddlewaretoken", "acting_for", "idempotency_key", "unsent"]);

let waiting = 0; // when the first key came that is not kept yet
let timer = 0;
let going = null; // what is on its way, to be given up when the form is sent
let sent = false;

function typed() {
  const pairs = [...new FormData(form)].filter(
    ([name, value]) => !BESIDE.has(name) && typeof value === "string"
  );
  return new URLSearchParams(pairs).toString();
}

function body() {
  const fields = new URLSearchParams({ slip: said.unsent, typed: typed() });
  for (const name of ["csrfmiddlewaretoken", "acting_for"]) {
    const held = form.elements.namedItem(name);
    if (held) {
      fields.set(name, held.value);
    }
  }
  return fields;
}

function say(text, state) {
  if (line.textContent !== text) {
    line.textContent = text; // read out only where it says something new
  }
  said.state = state;
}

// The form says that something of it was kept, so that the server forgets it once it is sent.
function mark() {
  if (!form.elements.namedItem("unsent")) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "unsent", value: "1" });
    form.append(field);
  }
}

async function keep(last = false) {
  clearTimeout(timer);
  if (sent || !waiting) {
    return;
  }
  if (going && !last) {
    return; // one after the other; it goes on with what was typed meanwhile
  }
  waiting = 0;
  mark();
  going?.abort();
  going = new AbortController();
  const { signal } = going;
  let answer = null;
  try {
    answer = await fetch(said.address, {
      method: "POST",
      body: body(),
      credentials: "same-origin",
      redirect: "manual",
      keepalive: last,
      signal,
    });
  } catch {
    // Nobody answered, or it was given up for the form itself.
  }
  if (signal.aborted) {
    return;
  }
  going = null;
  form.dataset.keeps = answer?.ok ? "on" : "off";
  if (answer?.ok) {
    const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say(said.kept.replace("%s", now), waiting ? "typing" : "kept");
  } else {
    say(answer?.status === CONFLICT ? said.sent : said.lost, "lost");
  }
  if (waiting) {
    later();
  }
}

function later() {
  sent = false;
  said.state = "typing";
  waiting ||= Date.now();
  clearTimeout(timer);
  // The first key is kept at once: from then on it is known whether keeping works.
  const pause = form.dataset.keeps ? Math.min(PAUSE, waiting + LATEST - Date.now()) : 0;
  timer = setTimeout(() => keep(), Math.max(0, pause));
}

if (form) {
  const group = form.querySelector(".govuk-button-group");
  (group ?? form).before(line);
  line.setAttribute("role", "status");
  say(said.on, "");
  if (document.querySelector(".portal-unsent")) {
    mark();
  }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
    going?.abort();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      keep(true);
    }
  });
  window.addEventListener("pagehide", () => keep(true));
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  // It came back with a problem: nothing of it is saved, so it is kept at once.
  if (form.querySelector(".govuk-form-group--error")) {
    later();
  }
}
