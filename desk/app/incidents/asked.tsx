import type { ReactNode } from 'react'
import { ChangeForm, DeclareForm, DismissForm, NewsForm } from './forms.tsx'
import type { Incident, IncidentAct, Spike } from './use-incidents.ts'

/** What is to be asked before something is done about an incident or a spike. */
export type Asking =
  | { readonly form: 'declare'; readonly spike?: Spike }
  | { readonly form: 'change' | 'update' | 'close'; readonly incident: Incident }
  | { readonly form: 'dismiss'; readonly spike: Spike }

interface AskedProps {
  readonly asking: Asking
  readonly act: (wanted: IncidentAct) => void
  readonly close: () => void
  readonly pending: boolean
}

/** The form that stands open. */
export const Asked = ({ asking, ...rest }: AskedProps): ReactNode => {
  switch (asking.form) {
    case 'declare':
      return <DeclareForm spike={asking.spike} {...rest} />
    case 'change':
      return <ChangeForm incident={asking.incident} {...rest} />
    case 'update':
    case 'close':
      return <NewsForm incident={asking.incident} kind={asking.form} {...rest} />
    case 'dismiss':
      return <DismissForm spike={asking.spike} {...rest} />
    default:
      return asking satisfies never
  }
}
