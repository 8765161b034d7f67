/** Weibo's dates, `Mon Jul 16 18:09:20 +0800 2012`: read by hand, as `Date` promises nothing about them. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const form = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2}) (\d{4})$/

/** The moment; undefined when the text has another form. */
export const parseCreatedAt = (text: string): Date | undefined => {
  const [, month = '', day, hours, minutes, seconds, sign, zoneHours, zoneMinutes, year] =
    form.exec(text) ?? []
  const place = months.indexOf(month)
  if (place === -1) return undefined
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes))
  const local = Date.UTC(Number(year), place, Number(day), Number(hours), Number(minutes), Number(seconds))
  return new Date(local - offsetMinutes * 60_000)
}
