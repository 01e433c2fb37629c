/**
 * What cannot wait. Precision first: a rule wants the thing and what happened to it, not one loud word, because an
 * alarm that rings for "this song is fire" is switched off.
 */
import type { Rule } from './rule.ts'
import type { Urgency } from './triage.ts'

export type UrgencyRule = Rule & { urgency: Urgency }

const thing =
  '(?:it|unit|device|product|charger|battery|phone|laptop|tablet|scooter|bike|car|oven|dryer|heater|washer|washing machine|kettle|toaster|blanket|plug|cable|adapter|toy|router|tv|speaker|watch|headset|vacuum)'

export const urgencyRules: UrgencyRule[] = [
  {
    rule: 'safety',
    urgency: 3,
    says: [
      new RegExp(
        `\\b${thing} (?:just |has |had |is |was |almost |nearly )*(?:caught|catching|went up in|burst into|on) (?:fire|flames)\\b`,
      ),
      /\b(?:set|setting) (?:my|our|the) (?:house|home|flat|apartment|kitchen|bed|room|car) on fire\b/,
      new RegExp(
        `\\b${thing} (?:just |has |had |is |was |started )*(?:exploded|exploding|sparking|smoking|melting|melted|overheating)\\b`,
      ),
      /\b(?:smoke|sparks|flames) (?:is |are |was |were )?(?:coming|came|pouring|shooting) (?:out|from)\b/,
      /\b(?:gas leak|smell(?:s|ing)? (?:of )?gas|carbon monoxide|electric(?:al)? shock|got electrocuted|electrocuted me)\b/,
      /\b(?:brakes?|airbags?)\b[^.!?,;\n]{0,60}\b(?:failed|failing|snapped|stopped working|came (?:off|apart|loose)|gave (?:out|way)|did ?n[o']t (?:work|open|deploy))\b/,
      /\b(?:fangt|fing|gerat|geriet) (?:gerade )?(?:an zu brennen|feuer|in brand)\b|\bbrandgefahr\b|\bgasgeruch\b|\bstromschlag\b/,
      /\b(?:a pris feu|prend feu|fuite de gaz|se incendio|fuga de gas|descarga electrica)\b/,
    ],
  },
  {
    rule: 'injury',
    urgency: 3,
    says: [
      /\b(?:burn(?:ed|t)|cut|injured|hurt|scalded|poisoned|choked) (?:my|our|his|her|me|us) ?(?:\w+ )?(?:hand|hands|finger|fingers|face|eye|eyes|arm|leg|skin|mouth|lip|foot|son|daughter|baby|child|kid|wife|husband|mum|mom|mother|father|dad|dog|cat|badly|seriously|because|with your)\b/,
      /\b(?:ended up|landed|rushed|is|am|was|i'm|in) (?:in |at |to )?(?:the |a )?(?:hospital|emergency room|er\b|a&e)/,
      /\b(?:called|calling|needed|call) an ambulance\b/,
      /\b(?:got|made (?:me|us|him|her)) (?:badly |seriously |violently |really )?(?:injured|food poisoning)\b|\bfood poisoning\b/,
      /\b(?:glass|metal|plastic|needle|razor|blade|nail) (?:in|inside) (?:my|our|the|your|his|her) (?:food|meal|soup|salad|burger|pizza|sandwich|drink|bottle|bread|yogh?urt|cereal|pasta|baby food)\b/,
      /\b(?:verletzt|im krankenhaus|notaufnahme|blesse|a l'hopital|aux urgences|en el hospital|en urgencias|intoxicacion)\b/,
    ],
    unless:
      /\bhospital (?:drama|show|series|tv)\b|\bhurt my (?:feelings|brain|eyes)\b|\bworks? (?:in|at) (?:the|a) hospital\b/g,
  },
  {
    rule: 'allergy',
    urgency: 3,
    says: [
      /\b(?:allergic reaction|anaphyla\w+|epi ?pen)\b/,
      /\b(?:undeclared|not (?:listed|labelled|labeled|declared|marked)|no (?:warning|mention)) (?:\w+ ){0,4}(?:allergens?|nuts?|peanuts?|milk|gluten|egg|soy|sesame|shellfish)\b/,
      /\b(?:nuts?|peanuts?|gluten|milk|shellfish|sesame|allergens?) (?:\w+ ){0,3}(?:not (?:listed|labelled|labeled|declared)|undeclared)\b/,
      /\b(?:allergische reaktion|allergischer schock|reaction allergique|choc anaphylactique|reaccion alergica)\b/,
    ],
    unless: /\ballergic reaction to (?:mondays?|stupidity|work|people)\b/g,
  },
  {
    rule: 'child',
    urgency: 3,
    says: [
      /\b(?:baby|toddler|child|kid|son|daughter|infant|newborn) (?:\w+ ){0,3}(?:choked|choking|swallowed|got burn(?:ed|t)|was burn(?:ed|t)|got hurt|was hurt|was injured|could have (?:died|choked)|nearly (?:died|choked)|stopped breathing|is (?:alone|missing|trapped))\b/,
      /\bchoking hazard\b/,
    ],
  },
  {
    rule: 'self-harm',
    urgency: 3,
    says: [
      /\b(?:i want to die|want to kill myself|going to kill myself|gonna kill myself|end my life|ending my life|suicidal|hurt myself|self[ -]?harm(?:ing)?|don'?t want to (?:live|be alive))\b/,
      /\b(?:ich will nicht mehr leben|mich umbringen|je veux mourir|me suicider|quiero morir|suicidarme)\b/,
    ],
    unless:
      /\bcareer suicid\w+\b|\bsuicidal (?:lane|merge|business)\b|\b(?:so|too) (?:hungry|tired|bored|embarrassed|cringe) i want to die\b/g,
  },
  {
    rule: 'threat',
    urgency: 3,
    says: [
      /\b(?:bomb threat|i(?:'ll| will|'m going to|'m gonna| am going to) (?:kill|shoot|stab|burn down|blow up|hurt) (?:you|your|them|everyone|someone|the|that|this))\b/,
    ],
  },
  {
    rule: 'fraud',
    urgency: 2,
    says: [
      /\b(?:my|our) (?:account|card|email|profile|wallet) (?:\w+ ){0,2}(?:hacked|compromised|stolen|taken over|been used)\b/,
      /\b(?:someone|somebody|a stranger|hacker) (?:\w+ ){0,3}(?:hacked|logged into|using|used|accessed|took over) my (?:account|card|details|identity|name)\b/,
      /\b(?:unauthori[sz]ed|fraudulent) (?:\w+ )?(?:charges?|payments?|transactions?|purchases?|withdrawals?|orders?|access|login)\b/,
      /\b(?:data breach|leaked my (?:data|details|address|password)|can see (?:someone|somebody|other people|another customer)(?:'s|s|s')? (?:\w+ )?(?:account|orders?|details|data|address))\b/,
      /\b(?:konto (?:wurde )?gehackt|compte pirate|cuenta hackeada|hackearon mi cuenta)\b/,
    ],
  },
  {
    rule: 'stranded',
    urgency: 2,
    says: [
      /\b(?:stranded|stuck|trapped) (?:\w+ )?(?:at|in|on|outside) (?:the |an? |your |this )?(?:\w+ )?(?:airport|station|platform|train|plane|tarmac|lift|elevator|motorway|highway|roadside|gate|terminal|cold|rain|snow)\b/,
      /\b(?:we are|we're|i am|i'm|left us|left me|are|am) stranded\b/,
      /\blocked out of (?:my|our|the) (?:house|home|flat|apartment|car|room|hotel)\b/,
      /\b(?:no (?:heating|heat|hot water|electricity|water supply)) (?:\w+ ){0,6}(?:baby|newborn|child|children|kids|elderly|days|freezing)\b/,
      /\b(?:gestrandet|sitzen (?:am|im) \w+ fest|coinces? (?:a|dans)|atrapad[oa]s? en|tirad[oa]s? en el aeropuerto)\b/,
    ],
    unless: /\bstuck (?:in|on) (?:the )?(?:loop|loading|level)\b/g,
  },
  {
    rule: 'medicine',
    urgency: 2,
    says: [
      /\b(?:insulin|inhaler|medication|medicine|prescription|oxygen|dialysis|hearing aid|wheelchair) (?:\w+ ){0,4}(?:not (?:here|arrived|delivered|working)|hasn'?t (?:arrived|come)|never (?:arrived|came)|lost|broken|late|missing|delayed|damaged|stopped)\b/,
      /\b(?:lost|broke|damaged) my (?:\w+ )?(?:wheelchair|insulin|medication|hearing aids?)\b/,
    ],
  },
  {
    rule: 'deadline',
    urgency: 2,
    says: [
      /\b(?:flight|train|wedding|funeral|interview|exam|surgery|operation|move|event|party|trip|departure|deadline|concert|show) (?:\w+ ){0,3}(?:today|tonight|tomorrow|in (?:an|one|two|three|a few|\d+) (?:hours?|minutes?|mins?))\b/,
      /\b(?:need|needed|needs) (?:\w+ ){0,5}(?:by|before|for) (?:today|tonight|tomorrow|this (?:morning|afternoon|evening))\b/,
      /\b(?:expires|due|closes|ends|leaves|departs) (?:today|tonight|tomorrow|in (?:an|one|two|\d+) (?:hours?|minutes?))\b/,
      /\b(?:brauche (?:\w+ ){0,4}(?:heute|bis morgen)|(?:flug|zug) (?:\w+ ){0,3}(?:heute|in einer stunde)|vol (?:\w+ ){0,3}aujourd'hui|vuelo (?:\w+ ){0,3}(?:hoy|manana))\b/,
    ],
  },
  {
    rule: 'lawyer',
    urgency: 2,
    says: [
      /\b(?:my|our|a) (?:lawyers?|solicitors?|attorneys?) (?:will|is|are|has|have|said|advised)\b/,
      /\b(?:contact(?:ing|ed)?|speak(?:ing)? (?:to|with)|talk(?:ing)? to|call(?:ing)?|hir(?:e|ing)|hear from) (?:my|our|a) (?:lawyers?|solicitors?|attorneys?)\b/,
      /\b(?:legal action|small claims(?: court)?|class action|take you to court|see you in court|sue you|suing you|i(?:'ll| will|'m going to) sue)\b/,
      /\b(?:mein anwalt|anwalt einschalten|rechtsanwalt|mon avocat|action en justice|mi abogad[oa]|acciones legales)\b/,
    ],
  },
  {
    rule: 'regulator',
    urgency: 2,
    says: [
      /\b(?:ombuds(?:man|person)|trading standards|better business bureau|attorney general|consumer protection|data protection authority|advertising standards)\b/,
      /\b(?:report(?:ed|ing)?|complain(?:ed|ing)?|complaint|file[ds]?|filing|contact(?:ed|ing)?) (?:\w+ ){0,5}(?:fca|ftc|fcc|cfpb|ico|ofcom|ofgem|faa|dot|fda|bbb|cnil|bafin|regulator)\b/,
      /\b(?:verbraucherzentrale|verbraucherschutz|schlichtungsstelle|repression des fraudes|dgccrf|consumo y usuarios|oficina de consumo)\b/,
    ],
  },
  {
    rule: 'press',
    urgency: 2,
    says: [
      /\bi(?:'m| am) an? (?:\w+ )?(?:journalist|reporter)\b/,
      /\b(?:journalist|reporter|producer|writer) (?:at|with|for|from) (?:the |a )?\w+.{0,80}\b(?:comment|permission|story|statement|interview|piece|article)\b/,
      /\b(?:request for comment|press (?:enquiry|inquiry|request)|(?:going|going straight|taking this|take this) to the (?:press|media|newspapers?|papers))\b/,
      /\b(?:ich bin journalist(?:in)?|presseanfrage|je suis journaliste|soy periodista)\b/,
    ],
  },
  {
    rule: 'again-and-again',
    urgency: 1,
    says: [
      /\b(?:third|3rd|fourth|4th|fifth|5th|tenth|10th|umpteenth) time\b/,
      /\b(?:still|yet) (?:no|waiting for an?|without an?) (?:reply|response|answer|refund|update|resolution)\b/,
      /\b(?:been|for|after) (?:\w+ )?(?:weeks|months|\d+ (?:days|weeks|months)) (?:\w+ ){0,4}(?:no|still|without|waiting|nothing|and counting)\b/,
      /\b(?:zum (?:dritten|vierten|funften) mal|immer noch keine (?:antwort|ruckmeldung)|toujours pas de reponse|sigo sin respuesta)\b/,
    ],
    unless: /\bthird time(?:'s| is) (?:a|the) charm\b/g,
  },
]
