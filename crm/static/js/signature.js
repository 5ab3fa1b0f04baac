// The pad: canvas[data-pad="strokes"] draws what pen, finger or mouse write, and keeps it in the
// hidden field of that name as lines of points on a sheet of 1,000 by 400.
const WIDTH = 1000;
const HEIGHT = 400;
const MOST = 7500;

function start(canvas) {
  const form = canvas.closest("form");
  const field = form.elements[canvas.dataset.pad];
  let strokes = [];
  let now = null;

  function draw() {
    const ratio = devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    pen.scale((width * ratio) / WIDTH, (height * ratio) / HEIGHT);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 7;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of strokes) {
      pen.beginPath();
      pen.moveTo(...stroke[0]);
      for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) pen.lineTo(...point);
      pen.stroke();
    }
    canvas.toggleAttribute("data-signed", strokes.length > 0);
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    const on = (value, size, whole) => Math.round(Math.min(Math.max(value / size, 0), 1) * whole);
    return [on(event.clientX - box.left, box.width, WIDTH), on(event.clientY - box.top, box.height, HEIGHT)];
  }

  const points = () => strokes.reduce((sum, one) => sum + one.length, 0);

  function write() {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || points() > MOST) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    now = [point(event)];
    strokes.push(now);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!now || points() > MOST) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const at = point(one);
      const last = now.at(-1);
      if (Math.abs(at[0] - last[0]) + Math.abs(at[1] - last[1]) >= 3) now.push(at);
    }
    draw();
  });
  const end = () => {
    if (!now) return;
    now = null;
    write();
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  form.querySelector("[data-pad-clear]").addEventListener("click", () => {
    strokes = [];
    draw();
    write();
  });
  const read = () => {
    try {
      strokes = JSON.parse(field.value || "[]");
    } catch {
      strokes = [];
    }
    draw();
  };
  form.addEventListener("restored", read);
  addEventListener("resize", draw);
  read();
}

export function startPads(root = document) {
  root.querySelectorAll("canvas[data-pad]").forEach(start);
}
