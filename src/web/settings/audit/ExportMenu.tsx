import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type AuditFilters, exportAddress } from '../../queries-audit.ts'
import { Button } from '../../ui/Button.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'

/** The browser fetches the file by itself, so that a long one is never in the page's memory. */
export function ExportMenu({ filters }: { filters: AuditFilters }) {
  const { t } = useTranslation('audit')
  const take = (format: 'csv' | 'jsonl') => {
    const link = document.createElement('a')
    link.href = exportAddress(filters, format)
    link.download = ''
    link.click()
  }
  return (
    <Menu trigger={<Button icon={<Download aria-hidden className="size-4" />}>{t('export.open')}</Button>}>
      <MenuItem onClick={() => take('csv')}>{t('export.csv')}</MenuItem>
      <MenuItem onClick={() => take('jsonl')}>{t('export.jsonl')}</MenuItem>
      <p className="max-w-64 px-2.5 py-1.5 text-sm text-pretty text-faint">{t('export.hint')}</p>
    </Menu>
  )
}
