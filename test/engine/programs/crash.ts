/** Ends by a defect: an error that nobody expected. */
const settings: { customer?: { name: string } } = {};
console.log(settings.customer?.name ?? (undefined as unknown as string).length);
