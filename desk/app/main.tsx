import './trusted.ts'
import './nonce.ts'
import './desk.css'
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
