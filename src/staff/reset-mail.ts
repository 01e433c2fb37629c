/** What the letter for a forgotten password says. */
export function resetLetter(link: string) {
  return {
    subject: 'A new password for Evenhand',
    text: `Somebody, hopefully you, asked for a new password for this address. Choose one within an hour, with this link.
It works once:

${link}

If it was not you, leave it: nothing changes without the link.
`,
  }
}
