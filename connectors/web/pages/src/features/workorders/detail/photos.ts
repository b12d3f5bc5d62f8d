/** A picture of an order as it is shown: what it is of, who sent it and when. */
export interface Shot {
  media_id: string
  title: string
  by?: string
  at?: string
}
