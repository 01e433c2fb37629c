/** What kind of post it is. A rule that is not sure stays silent: "unsure" goes to a person, a wrong label hides one. */
import type { Rule } from './rule.ts'

const wont =
  "(?:won'?t|will not|does ?n[o']?'?t|do ?n[o']?'?t|did ?n[o']?'?t|is ?n[o']?'?t|are ?n[o']?'?t|can'?t|cannot|no longer|not)"

export const complaintRules: Rule[] = [
  {
    rule: 'broken',
    says: [
      /\b(?:still |is |are |was |came |it's |arrived |all |completely |totally )(?:broken|faulty|defective|damaged|smashed|cracked|scratched|leaking|ruined|dead on arrival)\b/,
      /\b(?:broke|stopped working|gave up|fell apart|died) (?:after|within|on me|again|already|the|in)\b/,
      /^\s*(?:\W*(?:yes|yeah|yep|no|nope)\W+)?(?:it'?s )?(?:still )?(?:broken|not working)\b/,
      new RegExp(
        `\\b${wont} (?:even )?(?:work(?:ing)?|turn on|start|load(?:ing)?|open(?:ing)?|connect(?:ing)?|charge|charging|log (?:me )?in|respond(?:ing)?)\\b`,
      ),
      /\b(?:keeps?|kept) (?:crashing|freezing|failing|breaking|disconnecting|logging me out|dropping|buffering|cutting out)\b/,
      /\b(?:app|site|website|service|server|internet|network|checkout|login|system)(?: is| are|'s| has been| was)? (?:down|broken|useless|offline|unusable)\b/,
      /\b(?:stopped working|not working|doesnt work|error (?:code|message))\b/,
    ],
    unless:
      /\bnot working (?:today|tomorrow|this week|on (?:monday|friday))\b|\b(?:heart|record|world record)s? (?:is |was )?broken\b/g,
  },
  {
    rule: 'not-delivered',
    says: [
      /\b(?:never|has ?n[o']?'?t|have ?n[o']?'?t|not|did ?n[o']?'?t|still has ?n[o']?'?t) (?:yet )?(?:arrived?|shown? up|turned up|come|been delivered|delivered|received (?:my|it|the|any)|shipped)\b/,
      /\b(?:still waiting|been waiting|waiting (?:\w+ )?(?:days|weeks|months|hours))\b/,
      /\b(?:lost|missing|wrong|late|delayed|cancelled|canceled) (?:my |our )?(?:parcels?|packages?|orders?|items?|deliver(?:y|ies)|luggage|bags?|flights?|trains?|size|colou?r)\b/,
      /\b(?:parcel|package|order|item|delivery|luggage|bag|flight|train|letter)s? (?:\w+ ){0,3}(?:missing|lost|late|delayed|cancell?ed|stolen|never came)\b/,
      /\b(?:cancel(?:s|ling|ing|led|ed)?) (?:my|our) (?:\w+ )?(?:order|delivery|appointment|booking|repair|visit|flight|slot|subscription)\b|\b(?:arrived|came|delivered) without\b/,
      /\b(?:day|week) (?:\d+|two|three|four|five|six|seven|eight|nine|ten) of (?:asking|waiting|trying|calling|emailing|chasing)\b/,
      /\b(?:sent|got|received|delivered|shipped) (?:me |us )?(?:the wrong|someone else's|somebody else's|an empty)\b/,
    ],
  },
  {
    rule: 'money',
    says: [
      /\b(?:over ?charged|charged (?:me |us )?(?:twice|double|again|for something|for nothing|the wrong)|double charged|billed (?:me |us )?(?:twice|again))\b/,
      /\b(?:want|need|where(?:'s| is)|demand|give me|waiting for|refus\w+|no|get) (?:\w+ ){0,3}(?:refund|money back)\b/,
      /\b(?:rip[ -]?off|ripped (?:me |us )?off|waste of (?:money|time)|hidden fees?|stole my money|daylight robbery)\b/,
    ],
    unless: /\bno refund (?:needed|necessary)\b/g,
  },
  {
    rule: 'service',
    says: [
      /\b(?:no|any|zero) (?:reply|response|answer|help|update) (?:from|to|yet|at all|since|for)\b/,
      /\b(?:nobody|no ?one) (?:\w+ )?(?:answers?|answered|replies|replied|responds?|responded|helps?|helped|cares|picks up)\b/,
      /\b(?:ignor(?:ed|ing) (?:me|us|my|our|customers)|hung up on (?:me|us)|on hold for|passed (?:me )?(?:around|from))\b/,
      /\b(?:staff|driver|agent|clerk|waiter|employee|manager|support|service|courier) (?:\w+ ){0,3}(?:rude|useless|unhelpful|terrible|awful|appalling|shocking|horrible|lied)\b/,
      /\b(?:rude|useless|unhelpful|terrible|awful|appalling|horrible|worst|shocking|poor|bad|non-?existent) (?:\w+ )?(?:staff|driver|service|support|customer service|experience|company|quality)\b/,
    ],
  },
  {
    rule: 'anger',
    says: [
      /\b(?:unacceptable|disgrace(?:ful)?|disgusting|disgusted|appalled|outrageous|fed up|sick of|had enough|so (?:disappointed|frustrating|frustrated|annoyed|annoying)|very disappointed|really disappoint(?:ed|ing)|absolute(?:ly)? (?:joke|shambles|ridiculous|useless|terrible|awful)|never (?:buying|ordering|shopping|flying|using|coming) (?:\w+ )?again|shame on you|avoid (?:this|these|them) (?:company|people|like)|do not buy|don'?t buy|thanks for nothing|worst (?:\w+ )?ever)\b/,
    ],
  },
  {
    rule: 'complaint-de',
    says: [
      /\b(?:kaputt|defekt|funktioniert (?:\w+ )?nicht|geht (?:\w+ )?nicht|nie angekommen|nicht angekommen|nicht geliefert|immer noch (?:nicht|keine?)|geld zuruck|unverschamt|enttauscht|frechheit|schlechter (?:service|kundendienst)|niemand antwortet|beschadigt|doppelt abgebucht)\b/,
    ],
  },
  {
    rule: 'complaint-fr',
    says: [
      /\b(?:ne (?:marche|fonctionne) (?:plus|pas)|en panne|casse[es]?\b|jamais (?:recu|arrive|livre)|toujours pas (?:recu|arrive|de)|remboursez|inadmissible|scandaleux|honteux|decue? |arnaque|debite deux fois)/,
    ],
  },
  {
    rule: 'complaint-es',
    says: [
      /\b(?:no funciona|no (?:ha )?llega(?:do)?|roto|rota|averiad[oa]|sigo esperando|devuelvan|mi dinero|verguenza|pesim[oa]|nadie (?:me )?(?:responde|contesta)|decepcionad[oa]|cobrado dos veces|estafa)\b/,
    ],
  },
]

export const praiseRules: Rule[] = [
  {
    rule: 'praise',
    says: [
      /\b(?:thank you(?: so much)?|thanks (?:so much|a million|again)?|many thanks|kudos|shout ?out|hats off|well done|props) (?:\w+ ){0,4}(?:to|for|team|folks|all|everyone|@)/,
      /\bbig (?:love|thanks|thank you|up) to\b/,
      /\b(?:love|loving|loved|adore) (?:this|these|my|your|the|it|how|that you|what)\b/,
      /\b(?:amazing|awesome|excellent|fantastic|brilliant|outstanding|superb|wonderful|incredible|great|fabulous|impeccable|stellar|lovely|top[ -]notch|first class|best) (?:\w+ )?(?:service|support|experience|team|staff|product|job|work|quality|customer service|company|people|coffee|food)\b/,
      /\b(?:so|really|very|super|extremely|seriously) (?:impressed|happy|pleased|grateful|helpful|satisfied|well made)\b/,
      /\b(?:you(?:'re| are| guys) (?:the best|amazing|awesome|brilliant|great|fantastic)|best \w+ (?:ever|i'?ve ever|in town)|highly recommend|10\/10|five stars|5 stars|made my day|works (?:perfectly|like a charm|brilliantly|great))\b/,
      /\b(?:fixed|sorted|resolved|solved) (?:\w+ ){0,5}(?:thank|thanks|quickly|in minutes)\b/,
      /^\s*(?:@\S+\s+)*(?:thank you|thanks)(?: so much| a lot)?\W*$/,
    ],
    unless:
      /\bthanks for nothing\b|\b(?:not|never|isn'?t|wasn'?t|hardly|used to) (?:\w+ ){0,2}(?:love|great|happy|impressed|amazing|helpful|the best)\b|\b(?:would|'d) (?:really )?love (?:this|it|to|the|a|an|if|my|your)\b|\bgreat job (?:breaking|losing|ruining)\b/g,
  },
  {
    rule: 'praise-de',
    says: [
      /\b(?:vielen dank|danke (?:fur|schon|an|euch)|super service|toller service|sehr zufrieden|begeistert|grosses lob|weiter so)\b/,
    ],
  },
  {
    rule: 'praise-fr',
    says: [
      /\b(?:merci (?:beaucoup|pour|a toute|infiniment)|bravo|excellent service|service impeccable|tres (?:satisfaite?|contente?)|je recommande)\b/,
    ],
  },
  {
    rule: 'praise-es',
    says: [
      /\b(?:muchas gracias|gracias por|excelente (?:servicio|atencion)|muy (?:contento|contenta|satisfech[oa])|enhorabuena|lo recomiendo)\b/,
    ],
    unless: /\bgracias por nada\b/g,
  },
]

export const suggestionRules: Rule[] = [
  {
    rule: 'wish',
    says: [
      /\b(?:would be (?:great|nice|cool|good|lovely|helpful|awesome|amazing|handy|useful)|it'd be (?:great|nice|cool)) (?:if|to|for)\b/,
      /\b(?:please|pls|could you|can you|you should|you could|you need to|why don'?t you) (?:\w+ )?(?:add|bring back|introduce|consider|make an?|offer|support|implement|include|allow)\b/,
      /\b(?:feature request|suggestion:|a suggestion|my suggestion|an idea for|i wish (?:you|there|the|it|your)|would love to see|would love (?:a|an|it if|if you)|how about (?:adding|making|offering))\b/,
    ],
  },
  {
    rule: 'wish-other',
    says: [
      /\b(?:ware (?:schon|toll|super),? wenn|vorschlag:|verbesserungsvorschlag|ce serait (?:bien|super|genial) (?:de|si)|suggestion :|estaria bien (?:que|si)|seria genial (?:que|si)|sugerencia)\b/,
    ],
  },
]

export const questionRules: Rule[] = [
  {
    rule: 'asks',
    says: [
      /(?:^|[.!,;:\n]\s*|\b(?:hi|hey|hello|so|and|but|please|@\S+)\W+)(?:how|what|when|where|why|which|whom?|is|are|do|does|did|can|could|will|would|should|has|have|any(?:one|body)?)\b[^?.!\n]{2,200}\?/,
      /\b(?:does any(?:one|body) know|how do i|how can i|how long|can you (?:tell|help|confirm|check)|could you (?:tell|help|confirm|check)|any idea (?:when|how|if|why)|is it possible to|do you (?:have|sell|ship|offer|deliver|support|accept)|when will|where can i|what time|wondering (?:if|when|how|whether)|is there (?:a|an|any))\b/,
    ],
    unless:
      /\bhow (?:cool|great|awesome|nice|funny) is (?:this|that)\b\??|\bcan you believe\b|\bwho (?:else )?cares\b|\bwhat the (?:hell|heck|fuck)\b/g,
  },
  {
    rule: 'asks-other',
    says: [
      /(?:^|[.!,;:\n]\s*)(?:wie|was|wann|wo|warum|wer|welche\w*|kann|konnt|konnen|gibt|habt|ist|sind)\b[^?.!\n]{2,200}\?/,
      /(?:^|[.!,;:\n]\s*)(?:comment|quand|ou|pourquoi|quel\w*|est-ce|qui|combien|peut-on|pouvez)\b[^?.!\n]{2,200}\?/,
      /¿[^?\n]{3,200}\?/,
    ],
  },
]

export const spamRules: Rule[] = [
  {
    rule: 'recovery-scam',
    says: [
      /\b(?:recover(?:ed|s|y)?|get back|got back|retrieve[ds]?|restore[ds]?) (?:\w+ ){0,6}(?:account|funds|wallet|crypto|bitcoin|money|page)\b.{0,160}(?:\b(?:dm|inbox|text|message|contact|reach out to|write|whats ?app|telegram|instagram)\b)/s,
    ],
  },
  {
    rule: 'giveaway-scam',
    says: [
      /\b(?:airdrop|claim your (?:free|reward|prize|bonus)|double your (?:money|bitcoin|crypto|investment)|guaranteed (?:profit|returns?)|forex (?:signals|trading)|invest(?:ed)? \$?\d+ (?:and|get|got))\b/,
      /\b(?:whats ?app|telegram)\b.{0,80}\b(?:profit|invest\w*|trading|crypto|earn)\b/s,
    ],
  },
  {
    rule: 'promotion',
    says: [
      /\b(?:use (?:my )?(?:promo |discount |referral )?code \S+ (?:for|to get)|link in (?:my )?bio|check (?:out )?my (?:bio|profile|page|channel|onlyfans|store)|follow (?:me )?(?:back|for follow)|f4f|buy (?:cheap )?followers|(?:make|earn) \$\d+ (?:a|per) (?:day|week|hour))\b/,
    ],
  },
]

/** Only when it is all there is. */
export const chatter =
  /^(?:\W|\b(?:lol|lmao|haha\w*|hehe\w*|rofl|good (?:morning|night|evening)|gm|gn|happy (?:monday|friday|weekend|birthday)|same|mood|nice|cool|wow|omg|ok|okay|yay|first)\b)+$/u
