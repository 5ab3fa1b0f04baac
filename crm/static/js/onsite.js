// One tap writes the time into a field: button[data-now="f-arrived_at"], on the company's clock.
function minute(zone) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date());
  const of = (type) => parts.find((one) => one.type === type).value;
  return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

export function startOnsite() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-now]");
    const field = button && document.getElementById(button.dataset.now);
    if (!field) return;
    field.value = minute(button.dataset.zone);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
