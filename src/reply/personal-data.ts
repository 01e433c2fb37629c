/**
 * A customer's personal data inside words meant for everyone.
 *
 * In:  the words and the brand.
 * Out: where an address, a phone number, a card, an account or an order number stands. The brand's own hotline and
 *      addresses are meant to be seen and are left alone.
 */
import { type Span, spansOf } from './spans.ts'

export function findPersonalData(text: string, brand: string): Span[] {
  return [
    ...spansOf(text, [email]).filter((it) => !isOurAddress(it.text, brand)),
    ...spansOf(text, [spelledEmail]),
    ...spansOf(text, [digitRun]).filter((it) => isCard(it.text) || isPhone(text, it)),
    ...spansOf(text, [iban]).filter((it) => isIban(it.text)),
    ...findOrderNumbers(text),
  ]
}

// ---------------------------------------------------------------- addresses

const email =
  /[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,24}/gu
const spelledEmail =
  /\b[\w.+-]{1,64}\s?[([{]\s?at\s?[)\]}]\s?[\w-]{1,63}\s?(?:[([{]\s?dot\s?[)\]}]|\.)\s?[a-z]{2,24}\b/gi
const roles =
  /^(?:help|support|care|customer[._-]?(?:care|service|support)|service|contact|info|hello|hi|hallo|kontakt|press|privacy|security|feedback|returns|complaints|refunds|noreply|no-reply|team|sales)@/i

/** An address of a desk, or one under the brand's own name: "write to help@acme.com". */
function isOurAddress(address: string, brand: string): boolean {
  const name = brand.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  const labels = domain.split('.').map((it) => it.replaceAll('-', ''))
  return roles.test(address) || (name.length >= 3 && labels.includes(name))
}

// ---------------------------------------------------------------- phones and cards

const digitRun =
  /(?<![\p{L}\p{N}.,/:#_-])\+?\(?\d(?:[ ().\-\u00a0\u2011/]{0,2}\d){6,24}(?![\p{L}\p{N}]|[.,:]\d)/gu
const digitsOf = (text: string) => text.replace(/\D/g, '')

const theirs =
  /\b(?:your|ur|his|her|their|customer['’]?s?)\s+(?:\w+\s+)?(?:phone|mobile|cell|number|tel|telephone|handy|whatsapp)\b|\b(?:call(?:ed|ing)?|r(?:ing|ang)|text(?:ed)?|reach(?:ed)?|phone[d]?)\s+(?:you|him|her|them)\b|\b(?:deine|ihre|votre|tu|su)\s+(?:\w+)?(?:nummer|telefon\w*|numéro|número|teléfono)/i
/** "Call 020 ..." invites to a number that is meant to be seen; "we called you on ..." is `theirs`. */
const ours =
  /\b(?:us|our|hotline|helpline|freephone|toll[- ]free|switchboard|service line|uns|unsere\w*|nous|notre)\b[^.!?\n]{0,40}$|\b(?:call|ring|dial|contact|text|whatsapp|rufen Sie|appelez|llame)\b[^.!?\n\d]{0,25}$/i
const phoneWord =
  /\b(?:phone|mobile|cell|tel|telephone|telefon|handy|whatsapp|téléphone|teléfono|number)\b[^.!?\n]{0,20}$/i

function isPhone(text: string, span: Span): boolean {
  const digits = digitsOf(span.text)
  if (digits.length < 7 || digits.length > 15 || isDate(span.text)) return false
  const before = text.slice(Math.max(0, span.start - 60), span.start)
  if (theirs.test(before)) return true
  if (ours.test(before) || isFreeOfCharge(digits)) return false
  const isInternational = /^(?:\+|\(?00)[1-9(]/.test(span.text) && digits.length >= 9
  const isNational = /^\(?0[1-9]/.test(span.text) && digits.length >= 10
  const isAmerican = /^\(?[2-9]\d\d\)?[ .-][2-9]\d\d[ .-]\d{4}$/.test(span.text)
  return isInternational || isNational || isAmerican || phoneWord.test(before)
}

const isFreeOfCharge = (digits: string) => /^(?:0800|0808|1?8(?:00|88|77|66|55|44|33)|116|00800)/.test(digits)
const isDate = (text: string) =>
  /^(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ]\d/.test(text) ||
  /^\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d/.test(text)

function isCard(text: string): boolean {
  const digits = digitsOf(text)
  if (!/^[2-6]\d{12,18}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false
  return luhn(digits)
}

function luhn(digits: string): boolean {
  let sum = 0
  for (const [place, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (place % 2 === 1 ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const iban = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g

/** ISO 13616: moved, spelled in numbers, it leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  const plain = text.replaceAll(' ', '')
  const moved = plain.slice(4) + plain.slice(0, 4)
  let rest = 0
  for (const sign of moved) rest = Number(`${rest}${Number.parseInt(sign, 36)}`) % 97
  return rest === 1
}

// ---------------------------------------------------------------- order and booking numbers

const subject =
  '(?:order|booking|reservation|invoice|reference|ref|tracking|parcel|shipment|confirmation|customer|account|contract|policy|membership|member|pnr|bestellung|bestellnummer|auftrag|auftragsnummer|rechnung|rechnungsnummer|buchung|buchungsnummer|kundennummer|sendungsnummer|vertragsnummer|commande|réservation|facture|pedido|reserva|factura|ordine|prenotazione|fattura)'
const marks =
  '(?:number|no\\.?|nr\\.?|num\\.?|id|code|ref(?:erence)?|n[°º]|número|numéro|is|was|are|ist|lautet|est|es|:|=|-|\u2013|#|\\(|"|\'|\\s)'
const order = new RegExp(
  `(?<![\\p{L}\\p{N}])${subject}(?<mark>${marks}{0,6})(?<=[^\\p{L}\\p{N}])(?<value>[A-Z0-9][A-Z0-9-]{3,28}[A-Z0-9])(?![\\p{L}\\p{N}])`,
  'giu',
)

function findOrderNumbers(text: string): Span[] {
  return [...text.matchAll(order)].flatMap((it) => {
    const { mark = '', value = '' } = it.groups ?? {}
    const end = it.index + it[0].length
    return isNumber(value, mark.trim() !== '') ? [{ start: end - value.length, end, text: value }] : []
  })
}

/**
 * Five digits are a number; "X7K2LM" and "AC-102" only where the words say that a number follows ("booking ref:"),
 * because "order RTX4090" names a product. Years, dates and words in small letters are none.
 */
function isNumber(text: string, isMarked: boolean): boolean {
  const digits = digitsOf(text).length
  if (isDate(text) || /^(?:19|20)\d\d(?:-\d\d)?$/.test(text)) return false
  if (/[a-z]/.test(text)) return /\d{5}/.test(text) || (isMarked && /\d{4}/.test(text))
  return digits >= 5 || (isMarked && digits >= 1 && text.length >= 6)
}
