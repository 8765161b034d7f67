import { post } from './api.js'
import { el } from './dom.js'
import { field, form, meaningOf } from './sign-in-enrol.js'
import { t } from './words.js'

/** Setting or changing the password. The address goes along for password managers. */
const drawPassword = ({ email, said }, setPassword) =>
  el(
    'section',
    { 'aria-labelledby': 'password-title', class: 'stack' },
    el('h2', { id: 'password-title', text: t('password.title') }),
    el('p', { role: 'status', text: said ? t('done.password') : '' }),
    form(
      setPassword,
      el('input', { type: 'email', name: 'email', value: email, autocomplete: 'username', hidden: true }),
      ...field('password-current', 'password.current', {
        ...{ type: 'password', autocomplete: 'current-password', maxlength: 128, required: false },
        'aria-describedby': 'password-current-hint',
      }),
      el('p', { id: 'password-current-hint', class: 'quiet small', text: t('password.current.hint') }),
      ...field('password-next', 'password.next', {
        ...{ type: 'password', autocomplete: 'new-password', maxlength: 128 },
        'aria-describedby': 'password-next-hint',
      }),
      el('p', { id: 'password-next-hint', class: 'quiet small', text: t('password.next.hint') }),
      ...field('password-repeat', 'password.repeat', {
        ...{ type: 'password', autocomplete: 'new-password', maxlength: 128 },
      }),
      el('button', { type: 'submit', text: t('password.save') }),
    ),
  )

const passwordFault = (error) => {
  if (error.code === 'forbidden') return ['password.wrong']
  return error.code === 'bad_input' ? ['password.weak'] : meaningOf(error)
}

/** The form for the password; `changed` is called once a new one is set, and is to draw it again. */
export const createPasswordForm = ({ fail, clear, changed }) => {
  let said = false
  const set = async (element) => {
    clear()
    said = false
    const value = (name) => element.querySelector(`#password-${name}`).value
    if (value('next') !== value('repeat')) return fail('password.differ')
    const current = value('current')
    try {
      await post('/password', { ...(current === '' ? {} : { current }), next: value('next') })
    } catch (error) {
      return fail(...passwordFault(error))
    }
    said = true
    return changed()
  }
  return {
    draw: (email) => drawPassword({ email, said }, set),
    /** That it was set is said until something else is done. */
    forget: () => {
      said = false
    },
  }
}
