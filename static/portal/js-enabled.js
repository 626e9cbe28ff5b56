// Before the page is drawn: what the design system's styles look for where scripts run.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
