import { LockOutlined } from '@ant-design/icons'

/** Why something cannot be done here, and what can. */
export const Why = ({ text }: { readonly text: string }) => (
  <p className="quiet why">
    <LockOutlined aria-hidden="true" /> {text}
  </p>
)
