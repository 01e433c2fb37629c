/**
 * Passkeys, as the browser makes and uses them (WebAuthn level 3).
 *
 * In:  the options of a challenge, as JSON.
 * Out: what the authenticator signed, as the contract takes it; or null when the person turned away.
 */
import type { MadePasskey, UsedPasskey } from '../staff/passkey-contract.ts'

type Options = Record<string, unknown>

export const knowsPasskeys = (): boolean =>
  typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function'

/** The browser can offer passkeys in the list under the address field. */
export async function offersPasskeys(): Promise<boolean> {
  return knowsPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true
}

export async function makePasskey(options: Options): Promise<MadePasskey | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  )
  const made = await orTurnedAway(navigator.credentials.create({ publicKey }))
  if (!(made instanceof PublicKeyCredential)) return null
  const { id, rawId, response } = made.toJSON() as RegistrationResponseJSON
  const { clientDataJSON, attestationObject, transports = [] } = response
  const signed = { clientDataJSON, attestationObject, transports: [...transports] }
  return { id, rawId, type: 'public-key', clientExtensionResults: {}, response: signed }
}

export async function askForPasskey(
  options: Options,
  how: { mediation?: CredentialMediationRequirement; signal?: AbortSignal } = {},
): Promise<UsedPasskey | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  )
  const used = await orTurnedAway(navigator.credentials.get({ publicKey, ...how }))
  if (!(used instanceof PublicKeyCredential)) return null
  const { id, rawId, response } = used.toJSON() as AuthenticationResponseJSON
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  const signed = { clientDataJSON, authenticatorData, signature, ...(userHandle && { userHandle }) }
  return { id, rawId, type: 'public-key', clientExtensionResults: {}, response: signed }
}

/** Closing the browser's own question is no error, and neither is being called off for another. */
async function orTurnedAway<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name)) return null
    throw error
  }
}

/** The same key is on this device already. */
export const isKnownHere = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'InvalidStateError'

/** Opened under another name than the passkeys are tied to. */
export const isNotForHere = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'SecurityError'
