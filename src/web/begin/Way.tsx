import type { ReactNode } from 'react'

type Props = { icon: ReactNode; words: { title: string; body: string; point: string }; children: ReactNode }

/** One way to begin. */
export const Way = ({ icon, words, children }: Props) => (
  <section aria-label={words.title} className="flex flex-col gap-2 rounded-xl border border-line p-5">
    <div
      aria-hidden
      className="mb-1 flex size-10 items-center justify-center rounded-lg bg-accent-soft text-accent-ink [&_svg]:size-5"
    >
      {icon}
    </div>
    <h2 className="text-lg font-semibold">{words.title}</h2>
    <p className="text-pretty">{words.body}</p>
    <p className="text-pretty text-soft">{words.point}</p>
    <div className="mt-auto flex flex-col pt-3">{children}</div>
  </section>
)
