/** Something a contact asks, and how the answer that ships with the product begins. */
export interface Question {
  readonly text: string
  readonly answer: RegExp
}

export const review: Question = { text: '投稿一直在审核中要等多久', answer: /审核一般在/ }
export const cache: Question = { text: '怎么缓存视频到手机上看', answer: /就能离线看/ }
export const danmaku: Question = { text: '弹幕发不出去是怎么回事', answer: /还没转正/ }
