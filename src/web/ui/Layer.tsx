import { createContext, type ReactNode, useContext, useState } from 'react'

const LayerContext = createContext<HTMLElement | null>(null)

/** Where menus and lists of choices are drawn: inside the landmark or dialog they belong to, after its content. */
export function Layer({ children }: { children: ReactNode }) {
  const [layer, setLayer] = useState<HTMLElement | null>(null)
  return (
    <LayerContext value={layer}>
      {children}
      <div ref={setLayer} />
    </LayerContext>
  )
}

export const useLayer = (): HTMLElement | undefined => useContext(LayerContext) ?? undefined
