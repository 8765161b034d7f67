/** How contacts tell a one-time code of six digits. */

// The code with at most a few words around it: 验证码是 123 456。
const lone = /^\D{0,20}(\d{6})\D{0,20}$/u
const betweenDigits = /(?<=\d)[\s-]+(?=\d)/gu

/** The code somebody wrote; undefined: it is about something else. */
export const readCode = (text: string): string | undefined =>
  lone.exec(text.normalize('NFKC').trim().replace(betweenDigits, ''))?.[1]

const again =
  /重[新]?发|再发|没(?:有)?收到|收不到|\bresend\b|\bsend (?:it |the code )?again\b|\bnot received\b/iu
const mostLetters = 30

/** Whether somebody asks for the code once more. */
export const asksAgain = (text: string): boolean =>
  text.length <= mostLetters && again.test(text.normalize('NFKC'))
