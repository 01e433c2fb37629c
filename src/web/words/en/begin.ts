export const begin = {
  title: 'How do you want to begin?',
  lead: 'All three can be done later too, and none of them closes the way to the others.',
  listen: {
    title: 'Listen to Bluesky now',
    body: 'Hear everyone on Bluesky who says your words, live, from the public stream.',
    point: 'No account needed. To answer, connect one when you want to.',
    action: 'Choose words',
  },
  connect: {
    title: 'Connect a Bluesky account',
    body: 'Hear who mentions or replies to your account, and answer as it.',
    point: 'With an app password, on bsky.social or any other server.',
    action: 'Connect an account',
  },
  rehearse: {
    title: 'Rehearse',
    body: 'A dozen written people complain, ask, praise and joke over a few minutes, and react to what you reply.',
    point: 'In memory only: nothing leaves this machine.',
    action: 'Begin the rehearsal',
  },
  later: 'Look around first',
  begunListening: 'Listening. The first mention appears here by itself.',
  begunRehearsal: 'The rehearsal has begun. The first voices arrive in a moment.',
} as const
