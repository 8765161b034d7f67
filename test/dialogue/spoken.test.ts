import { describe, expect, it } from 'vitest'
import { guessLanguage } from '../../src/text/index.ts'
import { contactOf } from './builders.ts'

type Contact = ReturnType<typeof contactOf>

/** Says words as they would be understood. */
const say = (contact: Contact, words: string) => {
  contact.says(words, { language: guessLanguage(words.toLowerCase()) })
  return contact.state().spoken
}

describe('a contact who wrote Chinese', () => {
  it.each([
    ...['mio', 'nada', 'EU', 'tem', 'ola', 'hola', 'hat', 'fare', 'jak', 'piñata', 'Grazie!'],
    ...['wo de qq hao bei dao le', 'zfb qq de le la', 'wǒ de huì yuán bú jiàn le', 'Mia de la Cruz', 'svp'],
  ])('is spoken to in Chinese after %s', (words) => {
    const contact = contactOf()
    expect(say(contact, '怎么关自动续费')).toBe('zh')
    expect(say(contact, words)).toBe('zh')
  })

  it('in traditional characters is spoken to in these after a nickname', () => {
    const contact = contactOf()
    expect(say(contact, '視頻審核要多久')).toBe('zh-Hant')
    expect(say(contact, 'hola')).toBe('zh-Hant')
  })

  it.each([
    'quiero cancelar',
    'no puedo iniciar sesion',
    "j'aimerais annuler mon abonnement",
    'How do I cancel?',
  ])('and goes on with a sentence of another language is spoken to in English: %s', (words) => {
    const contact = contactOf()
    say(contact, '怎么关自动续费')
    expect(say(contact, words)).toBe('en')
  })
})

describe('a contact who begins in another language', () => {
  it('is spoken to in English from the first word on', () => {
    const contact = contactOf()
    expect(say(contact, 'hola')).toBe('en')
    expect(say(contact, 'gracias')).toBe('en')
  })
})
