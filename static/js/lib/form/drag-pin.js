/** Dragging a pin from outside the map onto it, by mouse, pen or finger. */

const STARTS_AT = 5;

/** Has the pointer gone so far that it drags and does not click? Pixels. */
export function isDrag(from, to) {
  return Math.hypot(to.x - from.x, to.y - from.y) >= STARTS_AT;
}

/**
 * Let an element be picked up. A picture of the pin follows the pointer; its tip is where it will land.
 *
 * @param {HTMLElement} handle - gets touch-action: none by its style sheet, so that a finger drags and does not scroll
 * @param {object} options
 * @param {() => SVGElement} options.makeGhost - the picture, its tip in the middle of the lower edge
 * @param {() => void} [options.onStart]
 * @param {(x: number, y: number) => void} options.onMove - the tip, in pixels of the window
 * @param {(x: number, y: number) => void} options.onDrop
 * @param {() => void} options.onEnd - however it ended
 */
export function makeDraggable(handle, { makeGhost, onStart, onMove, onDrop, onEnd }) {
  let from = null;
  let ghost = null;
  let lift = 0;
  let droppedAt = -Infinity;

  const finish = () => {
    ghost?.remove();
    const dragged = Boolean(ghost);
    from = ghost = null;
    if (dragged) onEnd();
  };

  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    from = { x: event.clientX, y: event.clientY };
    // Above a finger one sees where the tip is; a mouse does not hide it.
    lift = event.pointerType === "touch" ? 34 : 0;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!from) return;
    const tip = { x: event.clientX, y: event.clientY - lift };
    if (!ghost && isDrag(from, { x: event.clientX, y: event.clientY })) {
      ghost = makeGhost();
      ghost.classList.add("app-ghost-pin");
      document.body.append(ghost);
      onStart?.();
    }
    if (!ghost) return;
    ghost.style.transform = `translate(${tip.x}px, ${tip.y}px) translate(-50%, -100%)`;
    onMove(tip.x, tip.y);
  });
  handle.addEventListener("pointerup", (event) => {
    const dragged = Boolean(ghost);
    finish();
    if (!dragged) return;
    droppedAt = event.timeStamp;
    onDrop(event.clientX, event.clientY - lift);
  });
  handle.addEventListener(
    "click",
    (event) => {
      // The click that ends a drag is not a click.
      if (event.timeStamp - droppedAt > 100) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  handle.addEventListener("pointercancel", finish);
  handle.addEventListener("lostpointercapture", finish);
  // Browsers would drag a picture of the element instead.
  handle.addEventListener("dragstart", (event) => event.preventDefault());
}
