/** Runs in a page before anything of ours: notes what a page may never hold, and reads what it says. */
const noted = []
const active =
  'script, iframe, frame, object, embed, applet, base, meta[http-equiv], math, foreignObject, animate, portal'
const addresses = ['href', 'src', 'action', 'formaction', 'xlink:href', 'srcdoc', 'poster', 'background']

document.addEventListener('securitypolicyviolation', (it) =>
  noted.push(`CSP: ${it.violatedDirective} ${it.blockedURI} ${it.sample} ${it.sourceFile} ${it.lineNumber}`),
)

function look(it) {
  const told = () => it.outerHTML.slice(0, 200)
  const isOurs = it instanceof HTMLScriptElement && it.src.startsWith(`${location.origin}/`)
  if (it.matches(active) && !isOurs) noted.push(`element: ${told()}`)
  for (const { name, value } of it.attributes) {
    if (/^on/i.test(name)) noted.push(`handler: ${told()}`)
    if (name === 'style' && /url\(|expression/i.test(value)) noted.push(`style: ${told()}`)
    const isPicture = /^(IMG|LINK)$/.test(it.tagName) && /^(data:|blob:)/.test(value)
    const isWeb = /^(https?:\/\/|\/(?![/\\])|#|otpauth:)/.test(value)
    if (addresses.includes(name) && !isPicture && !isWeb) noted.push(`address: ${told()}`)
  }
  const leaves = it instanceof HTMLAnchorElement && /^http/.test(it.protocol) && it.origin !== location.origin
  if (leaves && !(it.relList.contains('noopener') && it.relList.contains('noreferrer')))
    noted.push(`link: ${told()}`)
}

new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    if (target instanceof Element) look(target)
    for (const node of addedNodes)
      if (node instanceof Element) for (const it of [node, ...node.querySelectorAll('*')]) look(it)
  }
}).observe(document, { subtree: true, childList: true, attributes: true })

/** What scrolls sideways although it only should go down. Tables may, and rows of tabs. */
function tooWide() {
  const all = [...document.body.querySelectorAll('*')].filter((it) => it.scrollWidth > it.clientWidth + 1)
  const mayBe =
    'nav, nav *, table *, section[tabindex]:has(table), select, input, textarea, pre, [role=tablist]'
  return [document.documentElement, ...all.filter((it) => /auto|scroll/.test(getComputedStyle(it).overflowX))]
    .filter((it) => it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0 && !it.matches(mayBe))
    .map((it) => `${it.tagName} ${it.className}: ${it.scrollWidth} > ${it.clientWidth}, by ${farthestIn(it)}`)
}

function farthestIn(box) {
  const rightOf = (it) => it.getBoundingClientRect().right
  const [it] = [...box.querySelectorAll('*')].sort((a, b) => rightOf(b) - rightOf(a))
  return it?.outerHTML.slice(0, 300)
}

window.hostile = () => ({
  noted: noted.splice(0),
  wide: tooWide(),
  ran: '__pwned' in window,
  isWrong: /This page could not be shown|The list could not be loaded/.test(document.body.innerText),
  /** All that can be read, heard, or typed over. */
  text: [...document.querySelectorAll('input, textarea, [aria-label], [title], [alt]')]
    .flatMap((it) => [it.value, it.ariaLabel, it.title, it.alt])
    .concat(document.body.textContent)
    .filter((it) => typeof it === 'string')
    .join('\n'),
})
