"""The Portuguese that people read: labels of the closed lists, dates, money, plurals, and the parts of a page.

Pages, the vendor's portal, mail and reports take their words from here, so that one thing has one name everywhere.
"""
