const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const two = (count: number): string => String(count).padStart(2, '0')

/** A moment as the platform writes it, in Beijing time: `Mon Jul 16 18:09:20 +0800 2012`. */
export const writeCreatedAt = (moment: Date): string => {
  const beijing = new Date(moment.getTime() + 8 * 3_600_000)
  const time = [beijing.getUTCHours(), beijing.getUTCMinutes(), beijing.getUTCSeconds()].map(two).join(':')
  const day = days[beijing.getUTCDay()] ?? ''
  const month = months[beijing.getUTCMonth()] ?? ''
  return `${day} ${month} ${two(beijing.getUTCDate())} ${time} +0800 ${beijing.getUTCFullYear()}`
}
