// The pages of the administration, fetched when one of them is opened.
export { Audit } from './audit.tsx'
export { Calendars } from './calendars.tsx'
export { SystemHealth } from './health.tsx'
export { Inboxes } from './inboxes.tsx'
export { Keys } from './keys.tsx'
export { AdminLayout } from './layout.tsx'
export { Teams } from './teams.tsx'
export { Webhooks } from './webhooks.tsx'
