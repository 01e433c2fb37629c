/** Imported before any schema is built: zod would otherwise try `new Function`, which our policy forbids and reports. */
import { z } from 'zod'

z.config({ jitless: true })
