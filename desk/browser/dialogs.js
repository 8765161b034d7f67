/* global document */
import { post } from './api.js'
import { announce, el, strange } from './dom.js'
import { isApple, t } from './words.js'

/** Shows a dialog until it is closed; the focus returns to where it was. Resolves to the pressed button's value. */
export const show = (title, body, buttons) =>
  new Promise((resolve) => {
    const before = document.activeElement
    const dialog = el(
      'dialog',
      { 'aria-labelledby': 'dialog-title' },
      el('h2', { id: 'dialog-title', text: title }),
      body,
      el(
        'div',
        { class: 'row end' },
        buttons.map(({ value, text, primary, form }) =>
          el('button', {
            type: form === undefined ? 'button' : 'submit',
            form,
            class: primary ? 'primary' : '',
            text,
            on: form === undefined ? { click: () => dialog.close(value) } : {},
          }),
        ),
      ),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      before?.focus?.()
      resolve(dialog.returnValue)
    })
    document.body.append(dialog)
    dialog.showModal()
  })

/** True while a dialog is open. */
export const isDialogOpen = () => document.querySelector('dialog[open]') !== null

/** All keys. */
export const showHelp = () => {
  const command = isApple() ? '⌘' : 'Ctrl'
  const keys = [
    ['j  k', 'key.move'],
    ['Enter', 'key.open'],
    ['m', 'key.take'],
    ['r', 'key.reply'],
    ['n', 'key.note'],
    ['b', 'action.hand-back'],
    ['t', 'key.transfer'],
    ['e', 'key.solve'],
    ['z', 'key.undo'],
    [`${command} + Enter`, 'key.send'],
    ['Esc', 'key.leave'],
    ['?', 'key.help'],
  ]
  const list = el(
    'dl',
    { class: 'keys' },
    keys.flatMap(([key, name]) => [el('dt', {}, el('kbd', { text: key })), el('dd', { text: t(name) })]),
  )
  return show(t('help'), list, [{ value: 'close', text: t('close'), primary: true }])
}

/** Says who was faster and with what; resolves to true when the agent goes on all the same. */
export const showConflict = async ({ sentence, quote, goOn }) => {
  const body = el(
    'div',
    { class: 'stack' },
    strange('p', sentence),
    quote === undefined ? undefined : strange('blockquote', quote),
  )
  const buttons = [
    { value: 'cancel', text: t(goOn === undefined ? 'close' : 'cancel'), primary: goOn === undefined },
    ...(goOn === undefined ? [] : [{ value: 'go', text: goOn, primary: true }]),
  ]
  return (await show(t('conflict.title'), body, buttons)) === 'go'
}

const input = (id, type, label, facts = {}) => [
  el('label', { for: id, text: label }),
  el('input', { id, type, ...facts }),
]

const passwordFault = (error) => {
  if (error.code === 'forbidden') return t('password.wrong')
  if (error.code === 'bad_input') return t('password.weak')
  if (error.code === 'too_many') return t('error.too_many', { seconds: error.facts.retryAfterSeconds })
  return t(error.code === 'network' ? 'error.network' : 'error.other')
}

/** Lets the agent set a password. */
export const showPassword = (email) => {
  const fault = el('p', { class: 'fault', role: 'alert' })
  const form = el(
    'form',
    { class: 'stack', id: 'password-form' },
    el('input', { type: 'email', value: email, autocomplete: 'username', hidden: true }),
    input('current', 'password', t('password.current'), { autocomplete: 'current-password', maxlength: 128 }),
    el('p', { class: 'quiet small', text: t('password.current.hint') }),
    input('next', 'password', t('password.next'), {
      autocomplete: 'new-password',
      maxlength: 128,
      required: true,
    }),
    el('p', { class: 'quiet small', text: t('password.next.hint') }),
    input('repeat', 'password', t('password.repeat'), {
      autocomplete: 'new-password',
      maxlength: 128,
      required: true,
    }),
    el('p', {}, el('a', { href: '/desk/sign-in#security', text: t('security.title') })),
    fault,
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const value = (id) => form.querySelector(`#${id}`).value
    if (value('next') !== value('repeat')) {
      fault.textContent = t('password.differ')
      return
    }
    try {
      const current = value('current')
      await post('/password', { ...(current === '' ? {} : { current }), next: value('next') })
      form.closest('dialog').close('done')
      announce(t('done.password'))
    } catch (error) {
      fault.textContent = passwordFault(error)
    }
  })
  return show(t('password.title'), form, [
    { value: 'cancel', text: t('cancel') },
    { form: 'password-form', text: t('save'), primary: true },
  ])
}
