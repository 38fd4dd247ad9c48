"""A pad to draw on with a mouse, a pen, a finger or the keyboard.

Its ink comes back as SIDE x SIDE bytes in hexadecimal digits.
"""

import streamlit as st

from ui.compute.page_choices import choose, chosen
from ui.language import words

SIDE = 56
HEX_DIGITS_A_PIXEL = 2
KEY_STEP = 14  # of the 280 dots of the canvas
DRAWN = "evaluate-drawn"
_CSS = """
.pad { position: relative; width: min(280px, 100%); }
canvas {
  width: 100%; aspect-ratio: 1; background: #000; touch-action: none; cursor: crosshair;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); display: block;
}
canvas:focus-visible, button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.cursor {
  position: absolute; width: 18px; height: 18px; margin: -9px 0 0 -9px; border: 2px solid #fff; border-radius: 50%;
  pointer-events: none; visibility: hidden; mix-blend-mode: difference;
}
.cursor.down { background: #fff; }
canvas:focus-visible + .cursor { visibility: visible; }
.keys { margin: 4px 0 0; font-size: 0.875rem; display: none; }
.pad:has(canvas:focus-visible) + .keys { display: block; }
button {
  margin-top: 8px; padding: 4px 12px; font: inherit; color: var(--st-text-color); cursor: pointer;
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius);
}
"""
_HTML = """<div class="pad"><canvas width="280" height="280" role="application" tabindex="0"></canvas>
<span class="cursor"></span></div><p class="keys"></p><button type="button"></button>"""
# The page may call this again at any run of the script: the ink stays, the handlers are set anew.
_JS = """
export default function({ data, parentElement, setStateValue }) {
  const canvas = parentElement.querySelector("canvas")
  const clear = parentElement.querySelector("button")
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  const cursor = parentElement.querySelector(".cursor")
  parentElement.querySelector(".keys").textContent = data.keys
  canvas.setAttribute("aria-label", data.label + " " + data.keys)
  clear.textContent = data.clear
  pen.lineWidth = 22
  pen.lineCap = pen.lineJoin = "round"
  pen.strokeStyle = pen.fillStyle = "#fff"
  const place = event => {
    const box = canvas.getBoundingClientRect()
    const scale = canvas.width / box.width
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale]
  }
  const ink = () => {
    const read = pen.getImageData(0, 0, canvas.width, canvas.height).data
    const step = canvas.width / data.side
    let digits = ""
    for (let row = 0; row < data.side; row++)
      for (let column = 0; column < data.side; column++) {
        let sum = 0
        for (let y = row * step; y < (row + 1) * step; y++)
          for (let x = column * step; x < (column + 1) * step; x++) sum += read[(y * canvas.width + x) * 4 + 3]
        digits += Math.round(sum / step / step).toString(16).padStart(2, "0")
      }
    return digits
  }
  // by keyboard: where the cursor is, and whether its pen is down, stand on the canvas from one run to the next
  const at = () => [Number(canvas.dataset.x ?? canvas.width / 2), Number(canvas.dataset.y ?? canvas.height / 2)]
  const show = () => {
    const [x, y] = at()
    cursor.style.left = 100 * x / canvas.width + "%"
    cursor.style.top = 100 * y / canvas.height + "%"
    cursor.classList.toggle("down", canvas.dataset.pen === "down")
  }
  const line = (from, to) => {
    pen.beginPath()
    pen.moveTo(...from)
    pen.lineTo(...to)
    pen.stroke()
  }
  const lift = () => {
    if (canvas.dataset.pen !== "down") return
    canvas.dataset.pen = "up"
    show()
    setStateValue("ink", ink())
  }
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
  canvas.onkeydown = event => {
    const from = at()
    if (event.key in steps) {
      event.preventDefault()
      const [x, y] = steps[event.key].map((way, axis) => from[axis] + way * data.step)
      canvas.dataset.x = Math.min(canvas.width, Math.max(0, x))
      canvas.dataset.y = Math.min(canvas.height, Math.max(0, y))
      if (canvas.dataset.pen === "down") line(from, at())
      show()
    } else if (event.key === " ") {
      event.preventDefault()
      if (canvas.dataset.pen === "down") return lift()
      canvas.dataset.pen = "down"
      line(from, from)
      show()
    }
  }
  canvas.onblur = lift
  show()
  const finish = () => {
    if (canvas.dataset.down !== "yes") return
    canvas.dataset.down = "no"
    setStateValue("ink", ink())
  }
  canvas.onpointerdown = event => {
    canvas.setPointerCapture(event.pointerId)
    canvas.dataset.down = "yes"
    pen.beginPath()
    pen.moveTo(...place(event))
    pen.lineTo(...place(event))
    pen.stroke()
  }
  canvas.onpointermove = event => {
    if (canvas.dataset.down !== "yes") return
    pen.lineTo(...place(event))
    pen.stroke()
  }
  canvas.onpointerup = canvas.onpointercancel = finish
  clear.onclick = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height)
    setStateValue("ink", "")
  }
}
"""
_pad = st.components.v2.component("drawing_pad", html=_HTML, css=_CSS, js=_JS)


def ask(label: str, sheet: int = 0) -> str | None:
    """What is drawn, None while nothing is. sheet: another number is a new sheet, blank."""
    key = f"evaluate-pad-{sheet}" if sheet else "evaluate-pad"

    def keep() -> None:
        choose(DRAWN, st.session_state[key].get("ink"))

    _pad(
        key=key,
        data={
            "side": SIDE,
            "step": KEY_STEP,
            "label": label,
            "keys": words("By keyboard: arrows move, the space bar puts the pen down and lifts it."),
            "clear": words("Clear"),
        },
        on_ink_change=keep,
        default={"ink": ""},
    )
    drawn = chosen(DRAWN, None)
    # what the browser sends need not be what the pad writes
    whole = isinstance(drawn, str) and len(drawn) == HEX_DIGITS_A_PIXEL * SIDE * SIDE
    return drawn if whole and drawn.strip("0") else None
