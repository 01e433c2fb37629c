/** One key as it is printed on the keyboard. */
export const Kbd = ({ children }: { children: string }) => (
  <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-line-strong bg-surface px-1 font-sans text-xs text-soft">
    {children}
  </kbd>
)
