"""A pad to draw on with a mouse, a pen or a finger; its ink comes back as SIDE x SIDE bytes in hexadecimal digits."""

import streamlit as st

from ui.compute.page_choices import choose, chosen
from ui.language import words

SIDE = 56
DRAWN = "evaluate-drawn"
_CSS = """
canvas {
  width: min(280px, 100%); aspect-ratio: 1; background: #000; touch-action: none; cursor: crosshair;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); display: block;
}
button {
  margin-top: 8px; padding: 4px 12px; font: inherit; color: var(--st-text-color); cursor: pointer;
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius);
}
"""
_HTML = """<canvas width="280" height="280" role="img"></canvas><button type="button"></button>"""
# The page may call this again at any run of the script: the ink stays, the handlers are set anew.
_JS = """
export default function({ data, parentElement, setStateValue }) {
  const canvas = parentElement.querySelector("canvas")
  const clear = parentElement.querySelector("button")
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  canvas.setAttribute("aria-label", data.label)
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
        data={"side": SIDE, "label": label, "clear": words("Clear")},
        on_ink_change=keep,
        default={"ink": ""},
    )
    drawn = chosen(DRAWN, None)
    return drawn if isinstance(drawn, str) and drawn.strip("0") else None
