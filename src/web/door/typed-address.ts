/** The address somebody typed at the door, from one of its screens to the next: kept in memory, and in no address. */
let typed = ''

export const typedAddress = (): string => typed
export const keepTypedAddress = (address: string): void => {
  typed = address
}
