import type { BothWords } from '../core/form-progress.ts'

/** Enough of an address for its owner to know it, and for nobody else to learn it: z***@163.com. */
export const maskAddress = (address: string): string => address.replace(/^(.).*(?=@)/u, '$1***')

/** To the reporter: a code is on its way. */
export const noticeOfCode = (number: number, address: string, minutes: number): BothWords => {
  const masked = maskAddress(address)
  return {
    zh: `为核实投诉 T-${String(number)} 是你本人提交的，我们给 ${masked} 发了 6 位验证码，${String(minutes)} 分钟内有效。请把验证码回复到这里；没收到的话，先看看垃圾邮件，再回复“重发验证码”。`,
    en: `To make sure that complaint T-${String(number)} is yours, we sent a 6-digit code to ${masked}; it holds for ${String(minutes)} minutes. Please answer with it right here. If it does not arrive, look into spam, then answer "resend code".`,
  }
}

/** To the reporter: the code was right. */
export const noticeOfVerified = (number: number): BothWords => ({
  zh: `验证码正确，投诉 T-${String(number)} 的身份核实完成了，谢谢。`,
  en: `The code is right. Your identity is confirmed for complaint T-${String(number)}, thank you.`,
})

/** To the reporter: the code was wrong. */
export const noticeOfWrong = (left: number): BothWords => ({
  zh: `验证码不对，还可以再试 ${String(left)} 次。`,
  en: `That code is not right. ${left === 1 ? 'You can try once more.' : `You can try ${String(left)} more times.`}`,
})

/** Why no code counts any more. */
export type OverReason = 'tries' | 'time' | 'unreachable' | 'too-many'

const over: Readonly<Record<OverReason, BothWords>> = {
  tries: {
    zh: '验证码错了太多次，已经作废。回复“重发验证码”可以再发一个，也可以等同事用其他方式核实。',
    en: 'There were too many wrong codes, so this one no longer counts. Answer "resend code" for a new one, or wait for a colleague to check it another way.',
  },
  time: {
    zh: '这个验证码已经过期了。回复“重发验证码”，我们再发一个。',
    en: 'This code is over. Answer "resend code" for a new one.',
  },
  unreachable: {
    zh: '验证码没能发到你留的邮箱。请检查一下，把正确的邮箱告诉同事。',
    en: 'The code could not be delivered to the address you gave. Please check it and tell a colleague the right one.',
  },
  'too-many': {
    zh: '今天的验证码已经发完了，同事会用其他方式核实。',
    en: 'No more codes can be sent today. A colleague will check it another way.',
  },
}

/** To the reporter: no code counts any more. */
export const noticeOfOver = (reason: OverReason): BothWords => over[reason]

/** The mail that carries the code. */
export const mailOfCode = ({
  code,
  number,
  minutes,
}: {
  readonly code: string
  readonly number: number
  readonly minutes: number
}): string =>
  [
    `你的验证码是 ${code}，${String(minutes)} 分钟内有效，用于核实投诉 T-${String(number)}。`,
    '请回到原来的对话里回复这 6 位数字，不要回复这封邮件，也不要告诉别人。如果不是你在投诉，请忽略这封邮件。',
    '',
    `Your code is ${code}. It holds for ${String(minutes)} minutes and confirms complaint T-${String(number)}.`,
    'Please answer with the six digits in the conversation you came from, not to this mail, and tell nobody else. If you did not complain, ignore this mail.',
  ].join('\n')
