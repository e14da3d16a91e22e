"""Addresses of the cart, the quick order and the orders."""

from django.urls import path

from . import api as views
from .views import carts, orders, quick

pages = [
    path("cart/", carts.cart, name="cart"),
    path("cart/add/", carts.add, name="cart-add"),
    path("cart/clear/", carts.clear, name="cart-clear"),
    path("cart/hand-over/", carts.hand_over, name="hand-over"),
    path("cart/place/", carts.place, name="place"),
    path("cart/lines/<int:line_id>/", carts.change_line, name="line"),
    path("cart/put-back/<sku:sku>/<int:quantity>/", carts.put_back, name="put-back"),
    path("quick-order/", quick.quick, name="quick"),
    path("orders/", orders.order_list, name="list"),
    path("orders/<str:number>/", orders.order_detail, name="detail"),
    path("orders/<str:number>/print/", orders.order_print, name="print"),
    path("orders/<str:number>/cancel/", orders.cancel, name="cancel"),
    path("orders/<str:number>/approve/", orders.approve, name="approve"),
    path("orders/<str:number>/repeat/", orders.repeat, name="repeat"),
]

api = [
    path("cart/", views.CartView.as_view(), name="cart"),
    path("cart/lines/", views.CartLinesView.as_view(), name="cart-lines"),
    path("cart/lines/<int:line_id>/", views.CartLineView.as_view(), name="cart-line"),
    path("cart/quick/", views.QuickOrderView.as_view(), name="cart-quick"),
    path("orders/", views.OrdersView.as_view(), name="orders"),
    path("orders/<str:number>/", views.OrderDetailView.as_view(), name="order"),
    path("orders/<str:number>/cancel/", views.CancelView.as_view(), name="order-cancel"),
    path("orders/<str:number>/repeat/", views.RepeatView.as_view(), name="order-repeat"),
]
