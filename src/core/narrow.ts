/**
 * Wide letters, digits and their like made narrow, one for one, so that places stay as they are; as are the spaces and
 * dashes at which no line breaks, which mails write into telephone numbers.
 */
export const narrow = (text: string): string =>
  text
    .replace(/[０-９Ａ-Ｚａ-ｚ＠．－＋＿／]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/[\u2010\u2011\u2012\u2013]/g, '-')
