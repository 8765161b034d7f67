import { el } from './dom.js'
import { t } from './words.js'

const text = (tag, key, facts = {}) => el(tag, { ...facts, data: { t: key }, text: t(key) })

/** What somebody who is invited says of themselves. The address goes along for password managers. */
export const drawInvitation = ({ email, name }) =>
  el(
    'form',
    { class: 'stack' },
    el('p', { id: 'invited' }),
    el('input', {
      type: 'email',
      name: 'email',
      autocomplete: 'username',
      value: email,
      hidden: true,
      readonly: true,
    }),
    text('label', 'invitation.name', { for: 'name' }),
    el('input', {
      id: 'name',
      name: 'name',
      autocomplete: 'name',
      required: true,
      maxlength: 100,
      value: name ?? '',
    }),
    text('label', 'invitation.password', { for: 'new-password' }),
    el('input', {
      ...{ id: 'new-password', type: 'password', name: 'new-password', autocomplete: 'new-password' },
      ...{ required: true, minlength: 12, maxlength: 128, 'aria-describedby': 'password-hint' },
    }),
    text('p', 'invitation.password.hint', { id: 'password-hint', class: 'quiet small' }),
    text('button', 'invitation.accept', { type: 'submit', class: 'primary' }),
  )
