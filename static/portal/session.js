// Says two minutes before a session ends that it will, and lets people stay. The server ends it in
// any case. Other tabs count as use, so the server is asked before anything is said.
const dialog = document.getElementById("session-warning");
const said = dialog.dataset;
const title = dialog.querySelector("h2");
const soonTitle = title.textContent;
const live = dialog.querySelector("[data-live]");
const SECOND = 1000;
const ASK_AGAIN = 15 * SECOND; // while the warning is open: somebody may go on in another tab

let ends = Date.now() + Number(said.left) * SECOND;
let asked = 0;
let asking = false;
let part = "";
let dismissed = false;

function left() {
  return Math.max(0, Math.round((ends - Date.now()) / SECOND));
}

function inWords(seconds) {
  if (seconds > 60) {
    return said.minutes.replace("%s", Math.ceil(seconds / 60));
  }
  return seconds === 60 ? said.minute : said.seconds.replace("%s", seconds);
}

function show(name) {
  if (name !== part) {
    part = name;
    for (const piece of dialog.querySelectorAll("[data-part]")) {
      piece.hidden = piece.dataset.part !== name;
    }
    title.textContent = name === "ended" ? title.dataset.ended : soonTitle;
    dialog.classList.toggle("portal-dialog--covers", name === "ended");
    live.textContent = name === "ended" && dialog.open ? title.textContent : "";
  }
  if (!dialog.open) {
    dialog.showModal();
    title.focus();
  }
}

function close() {
  part = "";
  if (dialog.open) {
    dialog.close();
  }
}

function take(answer) {
  // Somebody else may have signed in at this browser: what is on this page is not for them.
  const mine = answer.who === said.who;
  ends = mine ? Date.now() + answer.left * SECOND : 0;
  const near = left() <= Number(said.warning);
  if (left() === 0) {
    show("ended");
  } else if (!near) {
    dismissed = false;
    close();
  } else if (!dismissed) {
    show(answer.final ? "final" : "soon");
  }
}

async function fetched(address, options) {
  if (asking) {
    return;
  }
  asking = true;
  asked = Date.now();
  try {
    const response = await fetch(address, { credentials: "same-origin", ...options });
    if (response.ok) {
      take(await response.json());
    }
  } catch {
    // Without the network nothing can be asked; the clock on this page goes on.
  } finally {
    asking = false;
  }
}

function ask() {
  return fetched(said.ask, { headers: { Accept: "application/json" } });
}

function stay() {
  return fetched(said.stay, { method: "POST", headers: { "X-CSRFToken": said.token } });
}

function tick() {
  const seconds = left();
  if (seconds === 0 && part !== "ended") {
    ask().then(() => left() === 0 && show("ended"));
  } else if (seconds > 0 && seconds <= Number(said.warning)) {
    if (Date.now() - asked > ASK_AGAIN) {
      ask();
    }
    for (const place of dialog.querySelectorAll("[data-time]")) {
      place.textContent = inWords(seconds);
    }
    // Read out once a minute and near the end, not each second.
    if (dialog.open && (seconds % 60 === 0 || seconds === 20)) {
      live.textContent = inWords(seconds);
    }
  }
}

dialog.querySelector("[data-stay-button]").addEventListener("click", stay);
dialog.querySelector("[data-close-button]").addEventListener("click", () => {
  dismissed = true;
  close();
});
dialog.addEventListener("cancel", (event) => {
  // Escape is "stay"; once it has ended there is nothing to escape to.
  event.preventDefault();
  if (part === "soon") {
    stay();
  } else if (part === "final") {
    dismissed = true;
    close();
  }
});
for (const back of ["focus", "pageshow"]) {
  window.addEventListener(back, () => (part || left() <= Number(said.warning)) && ask());
}
setInterval(tick, SECOND);
tick();
