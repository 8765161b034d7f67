import './trusted.ts'
import './nonce.ts'
// In this order: of two rules that weigh the same the later one holds.
import './shell/frame.css'
import './inbox/inbox.css'
import './shell/pages.css'
import './ticket/ticket.css'
import './compose/composer.css'
import './ticket/info.css'
import './keys/keys.css'
import './settings/settings.css'
import './shell/narrow.css'
import './compose/choices.css'
import './admin/admin.css'
import './emoji/emoji.css'
import './casework.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Desk } from './shell/desk.tsx'
import { registerWorker } from './shell/worker.ts'

const place = document.getElementById('app')
if (place === null) throw new Error('the page has no place for the app')
createRoot(place).render(
  <StrictMode>
    <Desk />
  </StrictMode>,
)
registerWorker()
