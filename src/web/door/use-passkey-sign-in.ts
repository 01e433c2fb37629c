import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { passkeyRoutes } from '../../staff/passkey-contract.ts'
import { call } from '../api.ts'
import { askForPasskey, offersPasskeys } from '../passkeys.ts'

/** A challenge lasts five minutes: a door that stands open longer asks for another. */
const renewMs = 4 * 60_000

/** The list under the address field: how to call it off, and whether somebody came in by it. */
type Offer = { stop: AbortController; isInside: Promise<boolean> }

/**
 * Signing in with a passkey: by the button, and from the list under the address field where the browser offers it.
 * A browser answers one such question at a time: the button calls the list off, and nobody comes in twice.
 */
export function usePasskeySignIn(onInside: () => void) {
  const offer = useRef<Offer>(null)
  const goIn = useRef(onInside)
  goIn.current = onInside

  useEffect(() => {
    const stop = new AbortController()
    const isInside = offerQuietly(stop.signal)
    offer.current = { stop, isInside }
    void isInside.then((it) => it && goIn.current())
    return () => stop.abort()
  }, [])

  return useMutation({
    mutationFn: async () => {
      offer.current?.stop.abort()
      if (await offer.current?.isInside) return true
      const isInside = await enterBy({})
      if (isInside) goIn.current()
      return isInside
    },
  })
}

async function enterBy(how: { mediation?: 'conditional'; signal?: AbortSignal }): Promise<boolean> {
  const { options } = await call(passkeyRoutes.askToEnter, {})
  const signed = await askForPasskey(options, how)
  if (!signed || how.signal?.aborted) return false
  await call(passkeyRoutes.enter, { body: { signed } })
  return true
}

/** Says nothing of its troubles: nobody asked for it, and the button says them. */
async function offerQuietly(signal: AbortSignal): Promise<boolean> {
  if (!(await offersPasskeys().catch(() => false))) return false
  while (!signal.aborted) {
    const round = AbortSignal.any([signal, AbortSignal.timeout(renewMs)])
    try {
      if (await enterBy({ mediation: 'conditional', signal: round })) return true
    } catch {
      return false
    }
    if (!round.aborted) return false
  }
  return false
}
