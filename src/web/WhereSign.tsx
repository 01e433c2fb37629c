import { CalendarOff, Circle, CircleDot, Moon } from 'lucide-react'
import type { WhereaboutsRow } from '../cases/presence-contract.ts'

const signs = {
  here: { icon: CircleDot, look: 'text-good' },
  away: { icon: Moon, look: 'text-warn' },
  out: { icon: CalendarOff, look: 'text-warn' },
  gone: { icon: Circle, look: 'text-faint' },
}

/** Stands beside the word for it; each has a shape of its own. */
export function WhereSign({ where }: { where: WhereaboutsRow['where'] }) {
  const { icon: Icon, look } = signs[where]
  return <Icon aria-hidden className={`size-3.5 shrink-0 ${look}`} />
}
