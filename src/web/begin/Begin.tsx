export function Begin() {
  return null
}
