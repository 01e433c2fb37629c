/** Data out and in, and how people can be reached. */
import type { Entry } from './entries.ts'

const nothing = () => ({})

export const dataEntries: Record<string, Entry> = {
  'GET /api/data': { ask: nothing },
  'GET /api/authors/:id/contact-points': { ask: (it) => ({ params: { id: it.authorId } }) },
  'GET /api/data/exports/:id/file': {
    answers: 'not-found',
    why: 'its file is a day old and gone; src/portable/carry.test.ts fetches one that is there',
    ask: (it) => ({ params: { id: it.exportId } }),
  },
  'POST /api/data/exports': { ask: nothing },
  'POST /api/data/imports': {
    words: ['name'],
    ask: () => ({ query: { kind: 'zendesk', name: 'people.json' }, bytes: '{"users":[]}' }),
  },
  'PUT /api/data/imports/:id/start': {
    answers: 'not-found',
    why: 'its file is a day old and gone; src/portable/carry.test.ts runs one that is there',
    ask: (it) => ({ params: { id: it.importId } }),
  },
}
