import { useEffect } from 'react'

/** What the browser's tab says while this screen is there. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Evenhand`
    return () => {
      document.title = 'Evenhand'
    }
  }, [title])
}
