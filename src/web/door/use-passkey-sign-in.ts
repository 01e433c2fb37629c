import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { passkeyRoutes } from '../../staff/passkey-contract.ts'
import { call } from '../api.ts'
import { askForPasskey, offersPasskeys } from '../passkeys.ts'

/** A challenge lasts five minutes: a door that stands open longer asks for another. */
const renewMs = 4 * 60_000

/**
 * Signing in with a passkey: by the button, and from the list under the address field where the browser offers it.
 * A browser answers one such question at a time: the button calls the list off.
 */
export function usePasskeySignIn(onInside: () => void) {
  const quiet = useRef<AbortController>(null)
  const goIn = useRef(onInside)
  goIn.current = onInside

  useEffect(() => {
    const stop = new AbortController()
    quiet.current = stop
    void offerQuietly(stop.signal).then((isInside) => isInside && goIn.current())
    return () => stop.abort()
  }, [])

  return useMutation({
    mutationFn: async () => {
      quiet.current?.abort()
      return enterBy({})
    },
    onSuccess: (isInside) => isInside && goIn.current(),
  })
}

async function enterBy(how: Parameters<typeof askForPasskey>[1]): Promise<boolean> {
  const { options } = await call(passkeyRoutes.askToEnter, {})
  const signed = await askForPasskey(options, how)
  if (!signed) return false
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
