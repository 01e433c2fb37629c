/** A ref for what is worked in at the bottom of a telephone: toasts stand above it, however high it grows. */
const floor = '--toasts-floor'

export function toastsStayAbove(element: HTMLElement | null): (() => void) | undefined {
  if (!element) return undefined
  const root = document.documentElement
  const watch = new ResizeObserver(() => root.style.setProperty(floor, `${element.offsetHeight}px`))
  watch.observe(element)
  return () => {
    watch.disconnect()
    root.style.removeProperty(floor)
  }
}
